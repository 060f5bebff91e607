-- Holds the audit log's end until the transaction ends.
SELECT pg_advisory_xact_lock(2000 + $1::int, 0)
