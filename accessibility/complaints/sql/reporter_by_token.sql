-- The reporter whose token somebody sent.
SELECT reporter_id, verified_at IS NOT NULL AS verified, pseudonym
FROM reporter
WHERE city_id = $1 AND token_hash = $2
