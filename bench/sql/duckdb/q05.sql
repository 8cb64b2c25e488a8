-- A set: who bought at least twice and for at least so much in 90 days.
SELECT consumer FROM events
WHERE behavior = 'purchase' AND day BETWEEN DATE '{since_90}' AND DATE '{as_of}'
GROUP BY consumer HAVING sum(amount) >= {least} AND count(*) >= 2
