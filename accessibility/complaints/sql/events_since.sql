-- Which barriers changed at which revision, in order; whole revisions only.
SELECT h.revision AS at_revision, h.at, b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat,
       b.geometry, b.level, b.street, b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision
FROM change h JOIN barrier b ON b.city_id = h.city_id AND b.barrier_id = h.barrier_id
WHERE h.city_id = $1 AND h.revision > $2 AND h.revision <= $2 + $3
ORDER BY h.revision, h.barrier_id
