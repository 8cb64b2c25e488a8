-- A row per date: date, old, new, potential, known. Each event holds on a run of the 30 dates: a mask of bits. A person's
-- masks are joined by OR, so the table is read once. For k impressions the run begins with the latest of them and ends
-- with the earliest.
WITH runs AS (
    SELECT consumer, 1 AS state, day AS latest, day + 364 AS last FROM events
    WHERE shop = '{shop}' AND behavior = 'purchase' AND day BETWEEN DATE '{first_since_365}' AND DATE '{as_of}'
    UNION ALL
    SELECT consumer, 2, day, day + 89 FROM events
    WHERE shop = '{shop}' AND behavior IN ('favorite', 'add_to_cart', 'click')
      AND day BETWEEN DATE '{first_since_90}' AND DATE '{as_of}'
    UNION ALL
    SELECT consumer, 3, day, lag(day, {k} - 1) OVER (PARTITION BY consumer ORDER BY day) + 14 FROM events
    WHERE shop = '{shop}' AND behavior = 'impression' AND day BETWEEN DATE '{first_since_15}' AND DATE '{as_of}'
), places AS (
    SELECT consumer, state, greatest(latest - DATE '{first}', 0) AS low, least(last - DATE '{first}', 29) AS high
    FROM runs WHERE last >= DATE '{first}'
), masks AS (
    SELECT consumer, bit_or(mask) FILTER (state = 1) AS old, bit_or(mask) FILTER (state = 2) AS new,
           bit_or(mask) FILTER (state = 3) AS potential
    FROM (SELECT consumer, state, ((1::BIGINT << (high - low + 1)) - 1) << low AS mask FROM places WHERE high >= low) held
    GROUP BY consumer
), alone AS (
    SELECT coalesce(old, 0) AS old, coalesce(new, 0) & ~coalesce(old, 0) AS new,
           coalesce(potential, 0) & ~coalesce(old, 0) & ~coalesce(new, 0) AS potential
    FROM masks
), combined AS (
    SELECT old, new, potential, count(*) AS people FROM alone GROUP BY ALL
), known AS (
    SELECT greatest(known_since, DATE '{first}') AS day, count(*) AS people FROM consumers
    WHERE known_since <= DATE '{as_of}' GROUP BY 1
)
SELECT DATE '{first}' + bit::INTEGER AS date,
       sum(people) FILTER ((old >> bit) & 1 = 1), sum(people) FILTER ((new >> bit) & 1 = 1),
       sum(people) FILTER ((potential >> bit) & 1 = 1),
       (SELECT sum(people) FROM known WHERE day <= DATE '{first}' + bit::INTEGER)
FROM range(30) dates(bit) LEFT JOIN combined ON true GROUP BY bit
