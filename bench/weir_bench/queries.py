"""Q1 to Q11: what is asked, with which parameters, and how an answer is read.

A query has a template for Weir here, and one of the same name below sql/ for every peer that speaks SQL. Parameters are
drawn from a seed and the facts of the data. Answers are plain numbers and lists of numbers, the same for every engine.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from weir_bench.data import END, Facts

Params = dict[str, Any]
Rows = Sequence[Sequence[Any]]
Json = dict[str, Any]

SEARCH_ADS = "ads.onsite.search_ads"
STATES = ["old", "new", "potential", "none"]
STEPS = ["impression", "click", "add_to_cart", "purchase"]
FUNNEL_DAYS = 7
COHORT_DAYS = 60
SWEEP_DATES = 30
LOCKED_ON = END - timedelta(days=60)
LOCKED = "bench_locked"


@dataclass(frozen=True)
class Query:
    name: str
    title: str
    draw: Callable[[random.Random, Facts], Params]
    path: str
    body: Callable[[Params], Json]
    """The question to Weir."""
    read: Callable[[Json, Params], Any]
    """Weir's answer."""
    collect: Callable[[Rows, Params], Any]
    """A peer's rows."""
    is_set: bool = False
    """Whether the answer is a set of people, whose hash can be compared too."""


def draws(query: Query, facts: Facts, seed: int, count: int) -> list[Params]:
    rng = random.Random(f"{seed} {query.name}")
    return [query.draw(rng, facts) for _ in range(count)]


def since(as_of: str, days: int) -> str:
    """The first of so many days that end with as-of."""
    return shifted(as_of, 1 - days)


def shifted(day: str, days: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days=days))


# Draws.


def some_date(rng: random.Random) -> str:
    return str(END - timedelta(days=rng.randrange(30)))


def draw_q01(rng: random.Random, facts: Facts) -> Params:
    return {"as_of": some_date(rng), "channel": rng.choice(facts.exposing)}


def draw_q02(rng: random.Random, facts: Facts) -> Params:
    channels = sorted(rng.sample(facts.exposing, 3))
    return {"as_of": some_date(rng), "channels": channels, "shop": rng.choice(facts.codes["shop"])}


def draw_q03(rng: random.Random, facts: Facts) -> Params:
    return {"as_of": some_date(rng), "clicks": rng.choice([2, 3, 3]), "channel": SEARCH_ADS}


def draw_q04(rng: random.Random, facts: Facts) -> Params:
    tags = {"city_tier": rng.choice(facts.city_tiers), "interest": rng.choice(facts.interests)}
    return draw_q01(rng, facts) | tags


def draw_q05(rng: random.Random, facts: Facts) -> Params:
    return {"as_of": some_date(rng), "least": rng.choice([100, 200, 300, 500, 800])}


def draw_q06(rng: random.Random, facts: Facts) -> Params:
    return {"as_of": some_date(rng), "shop": rng.choice(facts.codes["shop"]), "k": rng.choice([1, 2, 3])}


def draw_q07(rng: random.Random, facts: Facts) -> Params:
    drawn = draw_q06(rng, facts)
    return drawn | {"first": since(drawn["as_of"], SWEEP_DATES)}


def draw_q08(rng: random.Random, facts: Facts) -> Params:
    drawn = draw_q06(rng, facts)
    return drawn | {"from": str(LOCKED_ON + timedelta(days=rng.randrange(30)))}


def draw_q09(rng: random.Random, facts: Facts) -> Params:
    pairs = [("impression", "view"), ("view", "view"), ("view", "purchase"), ("impression", "purchase")]
    start, back = rng.choice(pairs)
    as_of = some_date(rng)
    return {"as_of": as_of, "first": since(as_of, COHORT_DAYS), "start": start, "return": back}


def draw_q10(rng: random.Random, facts: Facts) -> Params:
    as_of = some_date(rng)
    return {"as_of": as_of, "first": since(as_of, rng.choice([30, 60, 90]))}


def draw_q11(rng: random.Random, facts: Facts) -> Params:
    behavior, channel, shop, category = rng.choice(facts.cells)
    return {"as_of": some_date(rng), "behavior": behavior, "channel": channel, "shop": shop, "category": category}


# Questions to Weir.


def did(behavior: str | list[str], days: int | None = None, **more: Any) -> Json:
    behaviors = [behavior] if isinstance(behavior, str) else behavior
    within = {"within": {"days": days}} if days else {}
    return {"did": {"behavior": behaviors} | within | more}


def estimate(expression: Json, params: Params) -> Json:
    return {"expression": expression, "as_of": params["as_of"]}


def ask_q01(p: Params) -> Json:
    return estimate(did("impression", 30, channel=[p["channel"]]), p)


def ask_q02(p: Params) -> Json:
    seen = did("impression", 30, channel=p["channels"])
    return estimate({"minus": [seen, did("purchase", 365, shop=[p["shop"]])]}, p)


def ask_q03(p: Params) -> Json:
    clicked = did("click", 15, channel=[p["channel"]], count={"gte": p["clicks"]})
    return estimate({"minus": [{"any": [clicked, did("add_to_cart", 7)]}, did("purchase", 30)]}, p)


def ask_q04(p: Params) -> Json:
    tags = [{"tag": {"city_tier": {"eq": p["city_tier"]}}}, {"tag": {"interests": {"contains_any": [p["interest"]]}}}]
    return estimate({"all": [did("impression", 30, channel=[p["channel"]]), *tags]}, p)


def ask_q05(p: Params) -> Json:
    return estimate(did("purchase", 90, amount={"gte": p["least"]}, count={"gte": 2}), p)


def ask_q06(p: Params) -> Json:
    return {"model": model_name(p["k"]), "scope": {"shop": p["shop"]}, "at": [p["as_of"]]}


def ask_q07(p: Params) -> Json:
    return ask_q06(p) | {"at": sweep(p)}


def ask_q08(p: Params) -> Json:
    dates = {"from": p["from"], "to": p["as_of"]}
    return {"model": model_name(p["k"]), "scope": {"shop": p["shop"]}, "snapshot": LOCKED} | dates


def ask_q09(p: Params) -> Json:
    window = {"from": p["first"], "to": p["as_of"]}
    start, back = did(p["start"])["did"], did(p["return"])["did"]
    return {"start": start, "return": back, "window": window, "period": "day", "as_of": p["as_of"]}


def ask_q10(p: Params) -> Json:
    window = {"from": p["first"], "to": p["as_of"]}
    steps = [did(step)["did"] for step in STEPS]
    return {"steps": steps, "within": {"days": FUNNEL_DAYS}, "window": window, "as_of": p["as_of"]}


def ask_q11(p: Params) -> Json:
    more = {name: [p[name]] for name in ("channel", "shop", "category")}
    return estimate(did(p["behavior"], 30, **more), p)


def funnel_prefixes(question: Json) -> list[Json]:
    """The funnel as estimates, for a Weir that has no funnel: whoever did the first k steps, for each k."""
    asked = []
    for k in range(1, len(question["steps"]) + 1):
        parts = {"steps": question["steps"][:k], "within": question["within"], "window": question["window"]}
        asked.append({"expression": {"sequence": parts}, "as_of": question["as_of"]})
    return asked


def sweep(p: Params) -> list[str]:
    return [shifted(p["first"], i) for i in range(SWEEP_DATES)]


def model_name(k: int) -> str:
    return f"bench_k{k}"


def model(k: int) -> Json:
    """Old, new, potential; one model for each k."""
    rules = [
        ("old", did("purchase", 365)),
        ("new", did(["favorite", "add_to_cart", "click"], 90)),
        ("potential", did("impression", 15, count={"gte": k})),
    ]
    return {"states": [{"name": name, "when": when} for name, when in rules]}


def locked(days: int) -> Json:
    """Whom the flow follows: visitors of some days; how many days make a fifth of all is measured."""
    return did("view", days)


# Weir's answers.


def read_count(answer: Json, p: Params) -> int:
    return answer["count"]


def read_states(answer: Json, p: Params) -> list[int]:
    return [answer["at"][0]["states"][state] for state in STATES]


def read_sweep(answer: Json, p: Params) -> list[list[int]]:
    return [[at["states"][state] for state in STATES] for at in answer["at"]]


def read_flow(answer: Json, p: Params) -> list[list[int]]:
    places = [answer["states"].index(state) for state in STATES]
    return [[answer["matrix"][row][column] for column in places] for row in places]


def read_cohorts(answer: Json, p: Params) -> list[list[int]]:
    """For each day of the window the size, then how many returned, from the first day to the last of the window."""
    by_day = {cohort["date"]: [cohort["size"], *cohort["returned"]] for cohort in answer["cohorts"]}
    return [by_day.get(shifted(p["first"], i), [0] * (COHORT_DAYS - i + 1)) for i in range(COHORT_DAYS)]


def read_funnel(answer: Json, p: Params) -> list[int]:
    return [step["count"] for step in answer["steps"]]


# Peers' rows.


def collect_count(rows: Rows, p: Params) -> int:
    return int(rows[0][0])


def collect_states(rows: Rows, p: Params) -> list[int]:
    """One row: old, new, potential, known."""
    return with_none(rows[0])


def collect_sweep(rows: Rows, p: Params) -> list[list[int]]:
    """A row per date: date, old, new, potential, known."""
    return [with_none(row[1:]) for row in sorted(rows, key=lambda row: str(row[0]))]


def with_none(row: Sequence[Any]) -> list[int]:
    *states, known = (int(value or 0) for value in row)
    return [*states, known - sum(states)]


def collect_flow(rows: Rows, p: Params) -> list[list[int]]:
    """A row per cell: row, column, people; both numbered from 1, and 4 is none."""
    matrix = [[0] * len(STATES) for _ in STATES]
    for row, column, people in rows:
        matrix[int(row) - 1][int(column) - 1] = int(people)
    return matrix


def collect_cohorts(rows: Rows, p: Params) -> list[list[int]]:
    """A row per cell: cohort's day in the window from 0, days since then (-1: size of the cohort), people."""
    cohorts = [[0] * (COHORT_DAYS - i + 1) for i in range(COHORT_DAYS)]
    for cohort, later, people in rows:
        cohorts[int(cohort)][int(later) + 1] = int(people)
    return cohorts


def collect_funnel(rows: Rows, p: Params) -> list[int]:
    """One row: people of each step."""
    return [int(value) for value in rows[0]]


ESTIMATE = "/api/v1/audiences/estimate"
RETENTION = "/api/v1/retention"
FUNNEL = "/api/v1/funnel"


def audience(name: str, title: str, draw: Callable[..., Params], body: Callable[[Params], Json]) -> Query:
    return Query(name, title, draw, ESTIMATE, body, read_count, collect_count, is_set=True)


QUERIES = [
    audience("q01", "exposed to a channel in 30 d", draw_q01, ask_q01),
    audience("q02", "exposed to 3 channels, minus buyers of a shop", draw_q02, ask_q02),
    audience("q03", "clicked often or carted, minus buyers", draw_q03, ask_q03),
    audience("q04", "exposed, in a city tier, with an interest", draw_q04, ask_q04),
    audience("q05", "bought twice and for at least X in 90 d", draw_q05, ask_q05),
    Query("q06", "people per state of a shop", draw_q06, "/api/v1/states", ask_q06, read_states, collect_states),
    Query("q07", "the same on 30 dates", draw_q07, "/api/v1/states", ask_q07, read_sweep, collect_sweep),
    Query("q08", "flow of a locked fifth of the people", draw_q08, "/api/v1/flow", ask_q08, read_flow, collect_flow),
    Query("q09", "60-day cohort retention", draw_q09, RETENTION, ask_q09, read_cohorts, collect_cohorts),
    Query("q10", "funnel of 4 steps within 7 d", draw_q10, FUNNEL, ask_q10, read_funnel, collect_funnel),
    audience("q11", "behavior × channel × shop × category", draw_q11, ask_q11),
]
