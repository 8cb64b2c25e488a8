-- A row per cell: the cohort's day in the window, days since then (-1: size of the cohort), people.
WITH people AS (
    SELECT consumer, min(place) FILTER (WHERE behavior = '{start}') AS cohort,
           bit_or(CAST(1 AS BIGINT) << place) FILTER (WHERE behavior = '{return}') AS days
    FROM (
        SELECT consumer, behavior, CAST(CAST(day AS INT) - CAST(DATE '{first}' AS INT) AS BIGINT) AS place FROM events
        WHERE behavior IN ('{start}', '{return}') AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
    ) placed
    GROUP BY consumer
), alike AS (
    SELECT cohort, coalesce(days, 0) >> cohort AS days, count(*) AS people FROM people
    WHERE cohort IS NOT NULL GROUP BY 1, 2
)
SELECT cohort, -1 AS later, sum(people) AS people FROM alike GROUP BY cohort
UNION ALL
SELECT cohort, value AS later, sum(people) AS people FROM alike
CROSS JOIN generate_series(0, 59) WHERE (days >> value) & 1 = 1 GROUP BY cohort, value
