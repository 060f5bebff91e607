-- Removes limit counters whose window is over.
DELETE FROM limit_counter WHERE city_id = $1 AND window_start <= $2::timestamptz - interval '1 hour'
