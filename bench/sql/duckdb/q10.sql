-- One row: people of each step. The latest start of a chain is the one most likely to be in time, and a later event
-- never has an earlier start, so each step looks back at the latest event of the step before.
WITH clicks AS MATERIALIZED (
    SELECT consumer, time FROM events
    WHERE behavior = 'click' AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
), second AS MATERIALIZED (
    SELECT clicks.consumer, clicks.time, seen.time AS start
    FROM clicks ASOF JOIN (
        SELECT consumer, time FROM events SEMI JOIN clicks USING (consumer)
        WHERE behavior = 'impression' AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
    ) seen ON clicks.consumer = seen.consumer AND clicks.time > seen.time
), third AS MATERIALIZED (
    SELECT carts.consumer, carts.time, second.start
    FROM (
        SELECT consumer, time FROM events SEMI JOIN second USING (consumer)
        WHERE behavior = 'add_to_cart' AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
    ) carts ASOF JOIN second ON carts.consumer = second.consumer AND carts.time > second.time
), fourth AS (
    SELECT bought.consumer, bought.time, third.start
    FROM (
        SELECT consumer, time FROM events SEMI JOIN third USING (consumer)
        WHERE behavior = 'purchase' AND day BETWEEN DATE '{first}' AND DATE '{as_of}'
    ) bought ASOF JOIN third ON bought.consumer = third.consumer AND bought.time > third.time
)
SELECT (SELECT count(DISTINCT consumer) FROM events
        WHERE behavior = 'impression' AND day BETWEEN DATE '{first}' AND DATE '{as_of}'),
       (SELECT count(DISTINCT consumer) FROM second WHERE time - start <= 604800000000),
       (SELECT count(DISTINCT consumer) FROM third WHERE time - start <= 604800000000),
       (SELECT count(DISTINCT consumer) FROM fourth WHERE time - start <= 604800000000)
