-- A set: who had an impression of the channel in 30 days, lives in the tier and likes the category.
SELECT consumer FROM consumers
SEMI JOIN (
    SELECT consumer FROM events
    WHERE behavior = 'impression' AND channel = '{channel}' AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
) seen USING (consumer)
WHERE city_tier = '{city_tier}' AND tier_since <= DATE '{as_of}'
  AND interests & {interest_bit} <> 0 AND interests_since <= DATE '{as_of}'
