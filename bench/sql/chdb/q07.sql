-- A row per date: date, old, new, potential, known. Each event holds on a run of the 30 dates: a mask of bits. A person's
-- masks are joined by OR, so the table is read once. For k impressions the run begins with the latest of them and ends
-- with the earliest.
WITH
    toInt32(toDate('{first}')) AS zero,
    (latest, earliest, days) -> (
        greatest(latest - zero, 0) AS low, least(earliest - zero + days - 1, 29) AS high
    ) AS place,
    bounds -> bitShiftLeft(bitShiftLeft(toUInt64(1), greatest(bounds.2 - bounds.1 + 1, 0)) - 1, bounds.1) AS mask,
    combined AS (
        SELECT old, new, potential, count() AS people FROM (
            SELECT max(old_run) AS old, bitAnd(max(new_run), bitNot(old)) AS new,
                   bitAnd(max(potential_run), bitNot(bitOr(old, max(new_run)))) AS potential
            FROM (
                SELECT consumer, groupBitOr(mask(place(toInt32(day), toInt32(day), 365))) AS old_run, 0 AS new_run,
                       0 AS potential_run
                FROM events
                WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN '{first_since_365}' AND '{as_of}'
                GROUP BY consumer
                UNION ALL
                SELECT consumer, 0, groupBitOr(mask(place(toInt32(day), toInt32(day), 90))), 0
                FROM events
                WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
                  AND day BETWEEN '{first_since_90}' AND '{as_of}'
                GROUP BY consumer
                UNION ALL
                SELECT consumer, 0, 0, arrayReduce('groupBitOr', arrayMap(
                    (latest, earliest) -> mask(place(latest, earliest, 15)),
                    arraySlice(days, {k}), arraySlice(days, 1, length(days) - {k} + 1)))
                FROM (
                    SELECT consumer, arraySort(groupArray(toInt32(day))) AS days FROM events
                    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN '{first_since_15}' AND '{as_of}'
                    GROUP BY consumer HAVING length(days) >= {k}
                )
            ) GROUP BY consumer
        ) GROUP BY old, new, potential
    ),
    known AS (
        SELECT toInt32(greatest(known_since, toDate('{first}'))) - zero AS since, count() AS people FROM consumers
        WHERE known_since <= '{as_of}' GROUP BY since
    )
SELECT toDate('{first}') + bit, sum(old), sum(new), sum(potential), sum(known) FROM (
    SELECT toInt32(bit) AS bit, bitTest(old, bit) * people AS old, bitTest(new, bit) * people AS new,
           bitTest(potential, bit) * people AS potential, 0 AS known
    FROM combined ARRAY JOIN range(30) AS bit
    UNION ALL
    SELECT toInt32(bit), 0, 0, 0, people FROM known ARRAY JOIN range(toUInt8(since), 30) AS bit
) GROUP BY bit ORDER BY bit
