-- A row per cell: state at the first date, state at the second, people of the locked audience.
WITH reached AS (
    SELECT consumer, 1 AS state, bool_or(day <= DATE '{from}') AS was, bool_or(day >= DATE '{since_365}') AS now
    FROM events
    WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN DATE '{from_since_365}' AND DATE '{as_of}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 2 AS state, bool_or(day <= DATE '{from}') AS was, bool_or(day >= DATE '{since_90}') AS now
    FROM events
    WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
      AND day BETWEEN DATE '{from_since_90}' AND DATE '{as_of}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 3 AS state, count(*) >= {k} AS was, false AS now FROM events
    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{from_since_15}' AND DATE '{from}'
    GROUP BY consumer
    UNION ALL
    SELECT consumer, 3 AS state, false AS was, count(*) >= {k} AS now FROM events
    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{since_15}' AND DATE '{as_of}'
    GROUP BY consumer
), states AS (
    SELECT reached.consumer, min(CASE WHEN was THEN state ELSE 4 END) AS was, min(CASE WHEN now THEN state ELSE 4 END) AS now
    FROM reached LEFT SEMI JOIN locked ON reached.consumer = locked.consumer GROUP BY reached.consumer
), cells AS (
    SELECT was, now, count(*) AS people FROM states GROUP BY was, now
)
SELECT was, now, sum(people) FROM (
    SELECT was, now, people FROM cells
    UNION ALL
    SELECT 4, 4, (SELECT count(*) FROM locked) - (SELECT coalesce(sum(people), 0) FROM cells)
) filled GROUP BY was, now
