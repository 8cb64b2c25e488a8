CREATE TABLE locked ENGINE = MergeTree ORDER BY consumer AS
SELECT DISTINCT consumer FROM events WHERE behavior = 'view' AND day BETWEEN '{since}' AND '{as_of}'
