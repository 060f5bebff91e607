-- Open barriers of one group in a small box, locked in one order.
SELECT b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat, b.geometry, b.level, b.street,
       b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision
FROM barrier b
WHERE b.city_id = $1 AND b.kind_group = $2 AND b.standing IN ('suspected', 'confirmed') AND NOT b.hidden
  AND b.bounds && box(point($3, $4), point($5, $6))
ORDER BY b.barrier_id
FOR UPDATE
