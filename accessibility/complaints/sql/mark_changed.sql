-- Notes which barriers a revision changed.
WITH marked AS (
    UPDATE barrier SET revision = $2 WHERE city_id = $1 AND barrier_id = ANY ($3::uuid[]) RETURNING barrier_id
)
INSERT INTO change (city_id, revision, barrier_id, at)
SELECT $1, $2, barrier_id, $4 FROM marked
