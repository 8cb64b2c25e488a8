-- A row per cell: state at the first date, state at the second, people of the locked audience.
WITH cells AS (
    SELECT was, now, toInt64(count()) AS people FROM (
        SELECT consumer, min(if(held_then, state, 4)) AS was, min(if(held_now, state, 4)) AS now FROM (
            SELECT consumer, 1 AS state, max(day <= '{from}') AS held_then, max(day >= '{since_365}') AS held_now
            FROM events
            WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN '{from_since_365}' AND '{as_of}'
              AND consumer IN (SELECT consumer FROM locked)
            GROUP BY consumer
            UNION ALL
            SELECT consumer, 2, max(day <= '{from}'), max(day >= '{since_90}')
            FROM events
            WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
              AND day BETWEEN '{from_since_90}' AND '{as_of}' AND consumer IN (SELECT consumer FROM locked)
            GROUP BY consumer
            UNION ALL
            SELECT consumer, 3, countIf(day <= '{from}') >= {k}, countIf(day >= '{since_15}') >= {k}
            FROM events
            WHERE shop = '{shop}' AND behavior = 'impression' AND consumer IN (SELECT consumer FROM locked)
              AND (day BETWEEN '{from_since_15}' AND '{from}' OR day BETWEEN '{since_15}' AND '{as_of}')
            GROUP BY consumer
        ) GROUP BY consumer
    ) GROUP BY was, now
)
SELECT was, now, sum(people) FROM (
    SELECT was, now, people FROM cells
    UNION ALL
    SELECT 4, 4, toInt64((SELECT count() FROM locked)) - toInt64((SELECT sum(people) FROM cells))
) GROUP BY was, now
