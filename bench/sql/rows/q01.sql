SELECT count(*) FROM events
WHERE behavior = 'impression' AND channel = '{channel}' AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}'
