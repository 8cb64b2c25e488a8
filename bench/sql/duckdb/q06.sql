-- One row: old, new, potential, known. A scan for each window, so that each is pruned by its own days.
SELECT count(*) FILTER (state = 1), count(*) FILTER (state = 2), count(*) FILTER (state = 3),
       (SELECT count(*) FROM consumers WHERE known_since <= DATE '{as_of}')
FROM (
    SELECT consumer, min(state) AS state FROM (
        SELECT consumer, 1 AS state FROM events
        WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN DATE '{since_365}' AND DATE '{as_of}'
        UNION ALL
        SELECT consumer, 2 FROM events
        WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
          AND day BETWEEN DATE '{since_90}' AND DATE '{as_of}'
        UNION ALL
        SELECT consumer, 3 FROM events
        WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}'
        GROUP BY consumer HAVING count(*) >= {k}
    ) reached GROUP BY consumer
) people
