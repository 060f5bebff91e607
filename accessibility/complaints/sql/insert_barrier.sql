-- A new barrier; its standing is worked out from the evidence that follows in the same transaction.
INSERT INTO barrier (city_id, barrier_id, kind, kind_group, severity, place, geometry, bounds, level, street,
       standing,
                     created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, point($6, $7), $8, box(point($9, $10), point($11, $12)), $13, $14, 'suspected',
       $15, $15)
