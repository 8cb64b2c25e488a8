SELECT (SELECT count(*) FROM events
        WHERE behavior = 'click' AND channel = '{channel}' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}')
     + (SELECT count(*) FROM events WHERE behavior = 'add_to_cart' AND day BETWEEN DATE '{since_7}' AND DATE '{as_of}')
     + (SELECT count(*) FROM events WHERE behavior = 'purchase' AND day BETWEEN DATE '{since_30}' AND DATE '{as_of}')
