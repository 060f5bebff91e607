-- How many unconfirmed dangers block now by this reporter, and by this network.
SELECT count(DISTINCT b.barrier_id) FILTER (WHERE e.reporter_id = $2) AS by_reporter,
       count(DISTINCT b.barrier_id) FILTER (WHERE e.network_hash = $3) AS by_network
FROM evidence e JOIN barrier b ON b.city_id = e.city_id AND b.barrier_id = e.barrier_id
WHERE e.city_id = $1 AND e.blocks AND e.at > $4::timestamptz - interval '6 hours' AND b.blocks
