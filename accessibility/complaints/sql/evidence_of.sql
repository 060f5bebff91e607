-- Everything ever said about a barrier, oldest first.
SELECT kind, at, reporter_id, weight, severity, measured, starts_at, ends_at, blocks, network_hash
FROM evidence
WHERE city_id = $1 AND barrier_id = $2
ORDER BY at, evidence_id
