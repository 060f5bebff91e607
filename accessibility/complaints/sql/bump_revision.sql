-- Counts the revision up and tells whoever listens; the row is held until the transaction ends.
WITH bumped AS (
    UPDATE revision SET revision = revision + 1, changed_at = $2 WHERE city_id = $1 RETURNING city_id, revision
)
SELECT revision, pg_notify('stepfree_revision', city_id::text || ':' || revision::text) FROM bumped
