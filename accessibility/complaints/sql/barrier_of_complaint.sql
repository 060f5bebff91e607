-- Which barrier a complaint is about.
SELECT barrier_id FROM complaint WHERE city_id = $1 AND complaint_id = $2
