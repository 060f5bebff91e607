-- A new complaint with the next number.
INSERT INTO complaint (city_id, number, barrier_id, reporter_id, kind, place, state, class, class_reason,
       submitted_at,
                       updated_at)
VALUES ($1, to_char($7::timestamptz AT TIME ZONE 'UTC',
       'YYYY') || '-' || lpad(nextval('complaint_number')::text, 6, '0'),
        $2, $3, $4, point($5, $6), 'submitted', $8, $9, $7, $7)
RETURNING complaint_id
