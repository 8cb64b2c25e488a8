-- One row: people of each step.
SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3), countIf(level >= 4) FROM (
    SELECT consumer, windowFunnel(604800000000, 'strict_increase')(
        toUInt64(time), behavior = 'impression', behavior = 'click', behavior = 'add_to_cart', behavior = 'purchase') AS level
    FROM events
    WHERE behavior IN ('impression', 'click', 'add_to_cart', 'purchase') AND day BETWEEN '{first}' AND '{as_of}'
    GROUP BY consumer)
