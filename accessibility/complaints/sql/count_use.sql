-- Counts one use against a limit, in a window that starts at the first use and lasts an hour.
INSERT INTO limit_counter AS l (city_id, scope, subject, window_start, used)
VALUES ($1, $2, $3, $4, 1)
ON CONFLICT (city_id, scope, subject) DO UPDATE
SET used = CASE WHEN l.window_start <= excluded.window_start - interval '1 hour' THEN 1 ELSE l.used + 1 END,
    window_start = CASE WHEN l.window_start <= excluded.window_start - interval '1 hour' THEN excluded.window_start
                        ELSE l.window_start END
RETURNING used, window_start
