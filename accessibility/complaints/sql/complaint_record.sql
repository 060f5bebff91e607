-- One complaint for reading.
SELECT c.complaint_id, c.number, c.barrier_id, c.reporter_id, c.kind, c.place[0] AS lon, c.place[1] AS lat,
       c.state, c.flags,
       c.class, c.area, c.unit, c.escalation, c.submitted_at, c.expected_at, c.callback_at, c.version,
       c.updated_at, b.severity,
       b.standing,
       (SELECT count(DISTINCT r.reporter_id) FROM report r
        WHERE r.city_id = c.city_id AND r.complaint_id = c.complaint_id) AS followers,
       (SELECT avg(a.satisfaction)::float8 FROM callback_answer a
        WHERE a.city_id = c.city_id AND a.complaint_id = c.complaint_id AND a.counted) AS rating
FROM complaint c JOIN barrier b ON b.city_id = c.city_id AND b.barrier_id = c.barrier_id
WHERE c.city_id = $1 AND c.complaint_id = $2
