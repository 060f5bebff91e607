-- One more thing somebody said about a barrier.
INSERT INTO evidence (city_id, barrier_id, kind, at, reporter_id, weight, severity, measured, starts_at,
       ends_at, blocks,
                      network_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
