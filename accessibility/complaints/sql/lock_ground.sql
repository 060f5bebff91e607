-- Holds a small piece of ground until the transaction ends: two reports of one place find one barrier.
SELECT pg_advisory_xact_lock(1000 + $1::int, $2::int)
