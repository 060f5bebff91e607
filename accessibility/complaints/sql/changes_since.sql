-- The revision and every barrier that changed after another one, in one snapshot; from 0 only what still counts.
SELECT r.revision AS current_revision, b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat,
       b.geometry, b.level, b.street, b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision
FROM revision r
LEFT JOIN barrier b ON b.city_id = r.city_id AND b.revision > $2 AND b.revision <= r.revision
                   AND ($2 > 0 OR b.standing IN ('suspected', 'confirmed'))
WHERE r.city_id = $1
ORDER BY b.barrier_id
