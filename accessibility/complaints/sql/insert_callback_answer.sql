-- A resident's answer; no row comes back when they have answered this round already.
INSERT INTO callback_answer (city_id, complaint_id, round, reporter_id, answer, satisfaction, pressured,
       counted, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (city_id, complaint_id, round, reporter_id) DO NOTHING
RETURNING round
