-- Holds a small piece of ground until the transaction ends: two reports of one place find one barrier.
SELECT pg_advisory_xact_lock(1000 + $1::int, hashint8(($2::bigint << 32) # $3::bigint))
