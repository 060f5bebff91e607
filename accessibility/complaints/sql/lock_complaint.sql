-- One complaint, held until the transaction ends.
SELECT c.complaint_id, c.number, c.barrier_id, c.reporter_id, c.kind, c.place[0] AS lon, c.place[1] AS lat,
       c.state, c.flags,
       c.class, c.area, c.unit, c.escalation, c.submitted_at, c.expected_at, c.callback_at, c.version, c.updated_at
FROM complaint c
WHERE c.city_id = $1 AND c.complaint_id = $2
FOR UPDATE
