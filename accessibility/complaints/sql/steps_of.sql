-- A complaint's history, oldest first.
SELECT version, at, step, role, to_state, text, text_public, fields
FROM complaint_step
WHERE city_id = $1 AND complaint_id = $2
ORDER BY version
