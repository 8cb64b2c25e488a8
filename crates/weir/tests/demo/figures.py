"""The demo's figures, computed by DuckDB over the store's own Parquet.

python figures.py WORKSPACE_DIR IDENTIFIERS.csv CATALOG.csv QUESTIONS.json  → a JSON list of answers, one per question

Who is one person comes from Weir (IDENTIFIERS.csv: consumer, kind, value); everything else is computed here from the
event, tag and identity files as they lie on disk. Questions:
  {"states": {"scope": {…}, "at": [dates]}}                  people per pno state, `none` last
  {"flow": {"scope": {…}, "from": date, "to": date}}         the matrix
  {"funnel": {"steps": [conditions], "hours": n, "at": d}}   people who come at least as far as each step
  {"retention": {"start": condition, "returns": condition, "period": p, "first": date, "last": date}}
                                                             [date, size, [returns, …]] of each cohort
  {"count": {"sql": "SELECT … person FROM ev …", "at": d}}   distinct people of a query over `ev`, everything up to d
"""

import json
import sys

import duckdb

workspace, identifiers, catalog, questions = sys.argv[1:]
db = duckdb.connect()
db.execute(f"""
CREATE TABLE node AS SELECT n.node, i.consumer AS person
  FROM read_parquet('{workspace}/identity/*.parquet') n
  JOIN read_csv('{identifiers}', header = true, all_varchar = true) i ON i.kind = n.kind AND i.value = n.value;
CREATE TABLE entry AS SELECT * FROM read_csv('{catalog}', header = true, all_varchar = true);
CREATE TABLE ev AS SELECT n.person, e.* EXCLUDE (consumer), coalesce(e.brand, s.brand) AS of_brand, c.parent AS root
  FROM read_parquet('{workspace}/events/*/*.parquet', hive_partitioning = false) e
  JOIN node n ON n.node = e.consumer
  LEFT JOIN entry s ON s.kind = 'shop' AND s.id = e.shop
  LEFT JOIN entry c ON c.kind = 'category' AND c.id = e.category;
CREATE TABLE known AS SELECT person, min(day) AS since FROM (
  SELECT person, day FROM ev
  UNION ALL SELECT n.person, coalesce(t.day, DATE '0001-01-01')
    FROM read_parquet('{workspace}/tags/*.parquet') t JOIN node n ON n.node = t.node) GROUP BY person;
""")

# First that holds wins.
PNO = """
CREATE OR REPLACE TEMP TABLE {table} AS
SELECT k.person, CASE WHEN k.since > DATE '{d}' THEN 3 WHEN old THEN 0 WHEN new THEN 1 WHEN potential THEN 2 ELSE 3 END AS state,
       k.since <= DATE '{d}' AS is_known
FROM known k LEFT JOIN (
  SELECT person,
    bool_or(behavior = 'purchase' AND age < 365) AS old,
    bool_or(behavior IN ('favorite', 'add_to_cart') AND age < 90 OR behavior = 'search' AND age < 15)
      OR count(DISTINCT CASE WHEN behavior = 'view' AND age < 15 THEN day END) >= 2 AS new,
    bool_or(behavior IN ('impression', 'click', 'view') AND age < 15) AS potential
  FROM (SELECT *, DATE '{d}' - day AS age FROM ev WHERE day <= DATE '{d}' AND {scope}) GROUP BY person
) s USING (person)
"""


def scope_sql(scope):
    (kind, value), = scope.items()
    return {
        "workspace": "true",
        "shop": f"shop = '{value}'",
        "brand": f"of_brand = '{value}'",
        "category": f"(category = '{value}' OR root = '{value}')",
    }[kind]


def pno(table, date, scope):
    db.execute(PNO.format(table=table, d=date, scope=scope_sql(scope)))


def states(scope, at):
    answers = []
    for date in at:
        pno("now", date, scope)
        counts = dict(db.sql("SELECT state, count(*) FROM now WHERE is_known GROUP BY state").fetchall())
        answers.append([counts.get(state, 0) for state in range(4)])
    return answers


def flow(scope, **dates):
    pno("was", dates["from"], scope)
    pno("now", dates["to"], scope)
    cells = db.sql("""SELECT was.state, now.state, count(*) FROM now JOIN was USING (person)
                      WHERE now.is_known GROUP BY ALL""").fetchall()
    matrix = [[0] * 4 for _ in range(4)]
    for row, column, people in cells:
        matrix[row][column] = people
    return matrix


def funnel(steps, hours, at):
    """Every prefix by itself: one event of each step joined to the one before."""
    counts = []
    for length in range(1, len(steps) + 1):
        tables = [f"(SELECT person, epoch_us(time) AS t FROM ev WHERE day <= DATE '{at}' AND {step}) e{i}"
                  for i, step in enumerate(steps[:length])]
        order = "".join(f" AND e{i}.person = e0.person AND e{i}.t > e{i - 1}.t" for i in range(1, length))
        in_time = f"e{length - 1}.t - e0.t <= {hours * 3_600_000_000}"
        sql = f"SELECT count(DISTINCT e0.person) FROM {', '.join(tables)} WHERE {in_time}{order}"
        counts.append(db.sql(sql).fetchall()[0][0])
    return counts


def retention(start, returns, period, first, last):
    inside = f"day BETWEEN DATE '{first}' AND DATE '{last}'"
    series = f"generate_series(date_trunc('{period}', DATE '{first}')::DATE, DATE '{last}', INTERVAL 1 {period})"
    periods = [row[0] for row in db.sql(f"SELECT unnest({series})::DATE").fetchall()]
    db.execute(f"""CREATE OR REPLACE TEMP TABLE cohort AS SELECT person, date_trunc('{period}', min(day))::DATE AS began
                   FROM ev WHERE {inside} AND {start} GROUP BY person""")
    sizes = dict(db.sql("SELECT began, count(*) FROM cohort GROUP BY began").fetchall())
    cells = db.sql(f"""SELECT began, date_trunc('{period}', day)::DATE AS came, count(DISTINCT person) FROM ev
                       JOIN cohort USING (person) WHERE {inside} AND {returns} GROUP BY ALL""").fetchall()
    came = {(began, date): people for began, date, people in cells}
    return [[str(began), sizes.get(began, 0), [came.get((began, date), 0) for date in periods[i:]]]
            for i, began in enumerate(periods)]


def count(sql, at):
    return db.sql(f"WITH ev AS (FROM ev WHERE day <= DATE '{at}') SELECT count(DISTINCT person) FROM ({sql})").fetchall()[0][0]


ANSWER = {"states": states, "flow": flow, "funnel": funnel, "retention": retention, "count": count}
with open(questions) as file:
    asked = json.load(file)
print(json.dumps([ANSWER[kind](**parameters) for question in asked for kind, parameters in question.items()]))
