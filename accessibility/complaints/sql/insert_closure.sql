-- Why and by whose key a place is closed.
INSERT INTO closure (city_id, barrier_id, reason, key_id) VALUES ($1, $2, $3, $4)
