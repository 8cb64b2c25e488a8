-- A row per cell: the cohort's day in the window, days since then (-1: size of the cohort), people.
WITH alike AS (
    SELECT cohort, bitShiftRight(days, cohort) AS later, count() AS people FROM (
        SELECT consumer, minIf(day, behavior = '{start}') - toDate('{first}') AS cohort,
               groupBitOrIf(bitShiftLeft(toUInt64(1), day - toDate('{first}')), behavior = '{return}') AS days
        FROM events
        WHERE behavior IN ('{start}', '{return}') AND day BETWEEN '{first}' AND '{as_of}'
        GROUP BY consumer HAVING countIf(behavior = '{start}') > 0
    ) GROUP BY cohort, later
)
SELECT cohort, bit, sum(people) FROM alike ARRAY JOIN arrayConcat([toInt16(-1)], arrayMap(bit -> toInt16(bit), bitPositionsToArray(later))) AS bit
GROUP BY cohort, bit
