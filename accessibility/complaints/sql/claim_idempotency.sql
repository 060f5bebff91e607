-- Takes an idempotency key: a row comes back when it is new or a day old. Waits for whoever holds it.
INSERT INTO idempotency AS i (city_id, bearer_hash, endpoint, key, body_hash, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (city_id, bearer_hash, endpoint, key) DO UPDATE
SET body_hash = excluded.body_hash, answer = NULL, at = excluded.at
WHERE i.at <= excluded.at - interval '24 hours'
RETURNING i.at
