-- Takes a barrier out of the public map, or puts it back.
UPDATE barrier SET hidden = $3, updated_at = $4 WHERE city_id = $1 AND barrier_id = $2
