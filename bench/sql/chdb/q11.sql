-- A set: who did it in 30 days, on the channel, in the shop, with the category.
SELECT DISTINCT consumer FROM events
WHERE behavior = '{behavior}' AND channel = '{channel}' AND shop = '{shop}' AND category = '{category}'
  AND day BETWEEN '{since_30}' AND '{as_of}'
