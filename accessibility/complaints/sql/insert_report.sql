-- One report.
INSERT INTO report (city_id, report_id, barrier_id, complaint_id, reporter_id, kind, severity, place, level, note,
                    note_salt, channel, on_behalf, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, point($8, $9), $10, $11, $12, $13, $14, $15)
