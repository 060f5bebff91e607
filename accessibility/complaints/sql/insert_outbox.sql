-- One message to be delivered after the commit.
INSERT INTO outbox (city_id, type, at, data) VALUES ($1, $2, $3, $4)
