-- One step in a complaint's history.
INSERT INTO complaint_step (city_id, complaint_id, version, at, step, role, from_state, to_state, text,
       text_public, fields,
                            pseudonym)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
