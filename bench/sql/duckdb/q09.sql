-- A row per cell: the cohort's day in the window, days since then (-1: size of the cohort), people.
WITH people AS (
    SELECT consumer, min(day) FILTER (behavior = '{start}') - DATE '{first}' AS cohort,
           bit_or(1::BIGINT << (day - DATE '{first}')) FILTER (behavior = '{return}') AS days
    FROM events
    WHERE behavior IN ('{start}', '{return}') AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
    GROUP BY consumer HAVING cohort IS NOT NULL
), alike AS (
    SELECT cohort, coalesce(days, 0) >> cohort AS days, count(*) AS people FROM people GROUP BY ALL
)
SELECT cohort, -1, sum(people) FROM alike GROUP BY cohort
UNION ALL
SELECT cohort, bit, sum(people) FROM alike JOIN range(60) later(bit) ON (days >> bit) & 1 = 1 GROUP BY ALL
