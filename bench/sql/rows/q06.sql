SELECT count(*) FROM events
WHERE shop = '{shop}' AND (
    (behavior = 'purchase' AND day BETWEEN DATE '{since_365}' AND DATE '{as_of}')
    OR (behavior IN ('favorite', 'add_to_cart', 'click') AND day BETWEEN DATE '{since_90}' AND DATE '{as_of}')
    OR (behavior = 'impression' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}'))
