-- One row of the audit log.
INSERT INTO audit (city_id, seq, case_id, at, actor_pseudonym, role, action, from_state, to_state, payload,
       commitment,
                   prev_hash, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
