SELECT count(*) FROM events WHERE behavior = 'purchase' AND day BETWEEN DATE '{since_90}' AND DATE '{as_of}'
