-- A moderator's decision and its reason.
INSERT INTO moderation (city_id, barrier_id, at, action, reason, reason_salt, pseudonym)
VALUES ($1, $2, $3, $4, $5, $6, $7)
