-- A changed place of a closure.
UPDATE barrier
SET geometry = $3, place = point($4, $5), bounds = box(point($6, $7), point($8, $9))
WHERE city_id = $1 AND barrier_id = $2
