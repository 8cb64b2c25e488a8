-- A set: who clicked often in 15 days or carted in 7, without buyers of 30 days.
SELECT consumer FROM (
    SELECT consumer FROM events
    WHERE behavior = 'click' AND channel = '{channel}' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}'
    GROUP BY consumer HAVING count(*) >= {clicks}
    UNION
    SELECT consumer FROM events
    WHERE behavior = 'add_to_cart' AND day BETWEEN DATE '{since_7}' AND DATE '{as_of}'
) moved
ANTI JOIN (
    SELECT consumer FROM events
    WHERE behavior = 'purchase' AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
) buyers USING (consumer)
