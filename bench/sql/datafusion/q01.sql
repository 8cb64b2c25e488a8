-- A set: who had an impression of the channel in 30 days.
SELECT DISTINCT consumer FROM events
WHERE behavior = 'impression' AND channel = '{channel}' AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
