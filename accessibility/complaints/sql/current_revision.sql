-- The revision now.
SELECT revision FROM revision WHERE city_id = $1
