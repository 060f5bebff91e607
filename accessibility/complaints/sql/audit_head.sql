-- The last row of the audit log.
SELECT seq, hash FROM audit WHERE city_id = $1 ORDER BY seq DESC LIMIT 1
