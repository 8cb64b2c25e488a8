-- A set: who had an impression of any of the channels in 30 days, without buyers of the shop in 365 days.
SELECT DISTINCT consumer FROM events
WHERE behavior = 'impression' AND channel IN ({channels}) AND day BETWEEN '{since_30}' AND '{as_of}'
  AND consumer NOT IN (
    SELECT consumer FROM events
    WHERE behavior = 'purchase' AND shop = '{shop}' AND day BETWEEN '{since_365}' AND '{as_of}')
