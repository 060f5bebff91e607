-- Keeps the answer to an idempotency key.
UPDATE idempotency SET answer = $5 WHERE city_id = $1 AND bearer_hash = $2 AND endpoint = $3 AND key = $4
