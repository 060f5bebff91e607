-- Whether a reporter has answered a round.
SELECT EXISTS (SELECT FROM callback_answer
               WHERE city_id = $1 AND complaint_id = $2 AND round = $3 AND reporter_id = $4) AS found
