-- A set: who had an impression of any of the channels in 30 days, without buyers of the shop in 365 days.
SELECT DISTINCT consumer FROM events
ANTI JOIN (
    SELECT consumer FROM events
    WHERE behavior = 'purchase' AND shop = '{shop}' AND day BETWEEN DATE '{since_365}' AND DATE '{as_of}'
) buyers USING (consumer)
WHERE behavior = 'impression' AND channel IN ({channels}) AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
