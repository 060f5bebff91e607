-- Stores a new key's hash.
INSERT INTO api_key (city_id, key_hash, role, unit, area, pseudonym, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING key_id
