-- A fresh id, ordered by time.
SELECT uuidv7() AS id
