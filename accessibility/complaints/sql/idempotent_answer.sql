-- The first answer to an idempotency key.
SELECT body_hash, answer FROM idempotency WHERE city_id = $1 AND bearer_hash = $2 AND endpoint = $3 AND key = $4
