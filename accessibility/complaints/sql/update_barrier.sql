-- What the evidence now says about a barrier.
UPDATE barrier
SET severity = $3, standing = $4, blocks = $5, active = $6, starts_at = $7, ends_at = $8, measured = $9,
       next_check = $10,
    reports = $11, still_there = $12, gone = $13, unsure = $14, updated_at = $15
WHERE city_id = $1 AND barrier_id = $2
