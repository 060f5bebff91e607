-- Barriers in a box, by id, optionally of some kinds and standings and changed since a revision.
SELECT b.barrier_id, b.kind, b.severity, b.place[0] AS lon, b.place[1] AS lat, b.geometry, b.level, b.street,
       b.starts_at,
       b.ends_at, b.measured, b.standing, b.blocks, b.active, b.hidden, b.revision, b.reports, b.still_there,
       b.gone,
       b.unsure, b.updated_at, l.reason,
       (SELECT c.complaint_id FROM complaint c WHERE c.city_id = b.city_id AND c.barrier_id = b.barrier_id
        ORDER BY c.open DESC, c.complaint_id DESC LIMIT 1) AS complaint_id
FROM barrier b LEFT JOIN closure l ON l.city_id = b.city_id AND l.barrier_id = b.barrier_id
WHERE b.city_id = $1 AND NOT b.hidden AND b.bounds && box(point($2, $3), point($4, $5))
  AND ($6::text[] IS NULL OR b.kind = ANY ($6))
  AND ($7::text[] IS NULL OR b.standing = ANY ($7))
  AND b.revision > $8 AND b.barrier_id > $9
ORDER BY b.barrier_id
LIMIT $10
