-- Barriers whose time has come, oldest first, those nobody else is working on.
SELECT b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat, b.geometry, b.level, b.street,
       b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision
FROM barrier b
WHERE b.city_id = $1 AND b.next_check <= $2
ORDER BY b.next_check, b.barrier_id
LIMIT $3
FOR UPDATE SKIP LOCKED
