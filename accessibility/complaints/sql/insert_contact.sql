-- How to reach a reporter; the server cannot read it back.
INSERT INTO contact (city_id, report_id, name, email, phone, created_at) VALUES ($1, $2, $3, $4, $5, $6)
