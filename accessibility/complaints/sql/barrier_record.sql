-- One barrier as the public sees it; hidden ones only for moderators.
SELECT b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat, b.geometry, b.level, b.street,
       b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision, b.reports, b.still_there,
       b.gone,
       b.unsure, b.updated_at, l.reason,
       (SELECT c.complaint_id FROM complaint c WHERE c.city_id = b.city_id AND c.barrier_id = b.barrier_id
        ORDER BY c.open DESC, c.complaint_id DESC LIMIT 1) AS complaint_id
FROM barrier b LEFT JOIN closure l ON l.city_id = b.city_id AND l.barrier_id = b.barrier_id
WHERE b.city_id = $1 AND b.barrier_id = $2 AND (NOT b.hidden OR $3)
