-- Whether a barrier is a closure.
SELECT EXISTS (SELECT FROM closure WHERE city_id = $1 AND barrier_id = $2) AS found
