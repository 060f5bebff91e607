-- The reporter a key stands for, made at its first word.
INSERT INTO reporter (city_id, key_id, verified_at, pseudonym, created_at)
VALUES ($1, $2, CASE WHEN $3 THEN $5::timestamptz END, $4, $5)
ON CONFLICT (city_id, key_id) DO UPDATE SET key_id = excluded.key_id
RETURNING reporter_id
