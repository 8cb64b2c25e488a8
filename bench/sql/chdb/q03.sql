-- A set: who clicked often in 15 days or carted in 7, without buyers of 30 days.
SELECT DISTINCT consumer FROM (
    SELECT consumer FROM events
    WHERE behavior = 'click' AND channel = '{channel}' AND day BETWEEN '{since_15}' AND '{as_of}'
    GROUP BY consumer HAVING count() >= {clicks}
    UNION ALL
    SELECT consumer FROM events
    WHERE behavior = 'add_to_cart' AND day BETWEEN '{since_7}' AND '{as_of}')
WHERE consumer NOT IN (
    SELECT consumer FROM events WHERE behavior = 'purchase' AND day BETWEEN '{since_30}' AND '{as_of}')
