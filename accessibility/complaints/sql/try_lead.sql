-- True for the one process that leads until its transaction ends.
SELECT pg_try_advisory_xact_lock(3000 + $1::int, 0) AS leads
