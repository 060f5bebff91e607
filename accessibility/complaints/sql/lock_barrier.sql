-- One barrier, held until the transaction ends.
SELECT b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat, b.geometry, b.level, b.street,
       b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision
FROM barrier b
WHERE b.city_id = $1 AND b.barrier_id = $2
FOR UPDATE
