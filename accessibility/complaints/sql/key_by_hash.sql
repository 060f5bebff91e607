-- The key somebody sent, unless it was revoked, with the reporter it stands for.
SELECT k.key_id, k.role, k.unit, k.area, k.pseudonym, r.reporter_id
FROM api_key k LEFT JOIN reporter r ON r.city_id = k.city_id AND r.key_id = k.key_id
WHERE k.city_id = $1 AND k.key_hash = $2 AND k.revoked_at IS NULL
