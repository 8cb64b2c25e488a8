-- A set: who had an impression of the channel in 30 days, lives in the tier and likes the category.
SELECT consumer FROM consumers
WHERE city_tier = '{city_tier}' AND tier_since <= '{as_of}'
  AND bitAnd(interests, {interest_bit}) != 0 AND interests_since <= '{as_of}'
  AND consumer IN (
    SELECT consumer FROM events
    WHERE behavior = 'impression' AND channel = '{channel}' AND day BETWEEN '{since_30}' AND '{as_of}')
