-- A new reporter, known by the hash of a token.
INSERT INTO reporter (city_id, token_hash, pseudonym, created_at)
VALUES ($1, $2, $3, $4)
RETURNING reporter_id
