-- What moderators decided about a barrier, oldest first.
SELECT at, action, reason FROM moderation WHERE city_id = $1 AND barrier_id = $2 ORDER BY moderation_id
