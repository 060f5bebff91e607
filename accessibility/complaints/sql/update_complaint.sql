-- Where a complaint stands after a step.
UPDATE complaint
SET state = $3, flags = $4, class = $5, unit = $6, escalation = $7, expected_at = $8, callback_at = $9,
       version = $10,
    updated_at = $11
WHERE city_id = $1 AND complaint_id = $2
