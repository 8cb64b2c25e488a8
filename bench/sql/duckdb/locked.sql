CREATE OR REPLACE TABLE locked AS
SELECT DISTINCT consumer FROM events
WHERE behavior = 'view' AND day BETWEEN DATE '{since}' AND DATE '{as_of}' ORDER BY consumer
