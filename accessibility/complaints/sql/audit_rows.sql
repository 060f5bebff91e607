-- A stretch of the audit log.
SELECT city_id, seq, case_id, at, actor_pseudonym, role, action, from_state, to_state, payload, commitment,
       prev_hash, hash
FROM audit
WHERE city_id = $1 AND seq > $2
ORDER BY seq
LIMIT $3
