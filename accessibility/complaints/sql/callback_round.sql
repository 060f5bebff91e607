-- At which version the last callback was opened.
SELECT max(version) AS round FROM complaint_step WHERE city_id = $1 AND complaint_id = $2 AND to_state = 'callback'
