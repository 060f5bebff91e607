-- Whether somebody reported what a complaint is about.
SELECT EXISTS (SELECT FROM report WHERE city_id = $1 AND complaint_id = $2 AND reporter_id = $3) AS found
