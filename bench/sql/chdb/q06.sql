-- One row: old, new, potential, known. A scan for each window, so that each is pruned by its own days.
SELECT countIf(state = 1), countIf(state = 2), countIf(state = 3),
       (SELECT count() FROM consumers WHERE known_since <= '{as_of}')
FROM (
    SELECT consumer, min(state) AS state FROM (
        SELECT consumer, 1 AS state FROM events
        WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN '{since_365}' AND '{as_of}'
        UNION ALL
        SELECT consumer, 2 FROM events
        WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
          AND day BETWEEN '{since_90}' AND '{as_of}'
        UNION ALL
        SELECT consumer, 3 FROM events
        WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN '{since_15}' AND '{as_of}'
        GROUP BY consumer HAVING count() >= {k}
    ) GROUP BY consumer)
