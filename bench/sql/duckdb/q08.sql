-- A row per cell: state at the first date, state at the second, people of the locked audience.
WITH reached AS (
    SELECT consumer, 1 AS state, bool_or(day <= DATE '{from}' AND day >= DATE '{from_since_365}') AS was,
           bool_or(day >= DATE '{since_365}') AS now
    FROM events SEMI JOIN locked USING (consumer)
    WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN DATE '{from_since_365}' AND DATE '{as_of}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 2, bool_or(day <= DATE '{from}' AND day >= DATE '{from_since_90}'), bool_or(day >= DATE '{since_90}')
    FROM events SEMI JOIN locked USING (consumer)
    WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
      AND day BETWEEN DATE '{from_since_90}' AND DATE '{as_of}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 3, count(*) >= {k}, false FROM events SEMI JOIN locked USING (consumer)
    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{from_since_15}' AND DATE '{from}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 3, false, count(*) >= {k} FROM events SEMI JOIN locked USING (consumer)
    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}'
    GROUP BY consumer
), states AS (
    SELECT consumer, coalesce(min(state) FILTER (was), 4) AS was, coalesce(min(state) FILTER (now), 4) AS now
    FROM reached GROUP BY consumer
), cells AS (
    SELECT was, now, count(*) AS people FROM states GROUP BY ALL
)
SELECT was, now, sum(people) FROM (
    FROM cells
    UNION ALL
    SELECT 4, 4, (SELECT count(*) FROM locked) - coalesce(sum(people), 0) FROM cells
) GROUP BY ALL
