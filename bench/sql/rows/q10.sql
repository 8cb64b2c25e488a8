SELECT count(*) FROM events
WHERE behavior IN ('impression', 'click', 'add_to_cart', 'purchase') AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
