SELECT (SELECT count(*) FROM events
        WHERE behavior = 'impression' AND channel IN ({channels}) AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}')
     + (SELECT count(*) FROM events
        WHERE behavior = 'purchase' AND shop = '{shop}' AND day BETWEEN DATE '{since_365}' AND DATE '{as_of}')
