SELECT count(*) FROM events
WHERE behavior = '{behavior}' AND channel = '{channel}' AND shop = '{shop}' AND category = '{category}'
  AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
