-- Removes idempotency keys older than a day.
DELETE FROM idempotency WHERE at <= $1::timestamptz - interval '24 hours'
