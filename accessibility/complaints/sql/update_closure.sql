-- A changed reason.
UPDATE closure SET reason = $3 WHERE city_id = $1 AND barrier_id = $2
