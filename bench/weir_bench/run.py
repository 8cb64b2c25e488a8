"""The protocol at one scale: load, compare answers, then take times, engines in turn.

Every time of a peer has a time of Weir taken just before it, with the same draw; the ratio of the two is what counts,
since a disturbance of the machine is likely to meet both.
"""

from dataclasses import dataclass, field
from pathlib import Path

from weir_bench import check, throughput
from weir_bench.data import World
from weir_bench.engine import Engine
from weir_bench.peers.base import SQL, Unsupported, render
from weir_bench.people import People
from weir_bench.process import load
from weir_bench.queries import LOCKED_ON, QUERIES, Params, Query, draws, since
from weir_bench.shell import Failed, say
from weir_bench.stats import median
from weir_bench.subject import Locked, Weir, check_supported
from weir_bench.throughput import Throughput
from weir_bench.weir import Server

# Where Weir or a peer takes longer than this, the two are asked fewer draws, fewer times.
SLOW_SECONDS = 1.0
SLOW_DRAWS = 3
SLOW_ROUNDS = 3
# Hashing the people of every draw would take longer than all the rest at the full scale.
HASHED_DRAWS = 5


@dataclass(frozen=True)
class Plan:
    """What one run does."""

    binary: Path
    threads: int
    rounds: int
    draws: int
    seed: int
    peers: list[str]
    queries: list[str]
    layout: str
    with_throughput: bool


@dataclass
class Against:
    """A peer on one query."""

    seconds: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    is_slow: bool = False
    checked: int = 0
    """Draws whose answers were compared: all that are timed."""


@dataclass
class Timed:
    """One query."""

    query: Query
    walls: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    peers: dict[str, Against] = field(default_factory=dict)
    rows: float | None = None
    """Median over the draws of the event rows that the conditions match."""
    hashed: int = 0
    skipped: str | None = None


@dataclass(frozen=True)
class Loaded:
    seconds: float
    events: int
    disk: int
    peak: int
    load_average: float


@dataclass
class Outcome:
    """All figures of one scale."""

    world: World
    versions: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Loaded] = field(default_factory=dict)
    cold: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Seconds to open, seconds of the first query then."""
    locked: Locked | None = None
    timed: list[Timed] = field(default_factory=list)
    throughput: list[Throughput] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)
    load_before: float = 0.0
    load_after: float = 0.0


def run(plan: Plan, world: World) -> Outcome:
    outcome = Outcome(world, load_before=load())
    engines = start(plan, world, outcome)
    try:
        with Server(plan.binary, world.store, plan.threads) as server:
            ask_everything(plan, outcome, server, engines)
    finally:
        for engine in engines:
            engine.close()
    outcome.load_after = load()
    return outcome


def start(plan: Plan, world: World, outcome: Outcome) -> list[Engine]:
    """Loads every peer, and opens it anew, so that loading does not count in the memory of asking."""
    engines = []
    for name in plan.peers:
        say(f"loading {name}")
        outcome.loaded[name] = load_peer(name, world, plan)
        engines.append(Engine(name, world, plan.threads, plan.layout))
        outcome.versions[name] = engines[-1].version
    return engines


def load_peer(name: str, world: World, plan: Plan) -> Loaded:
    engine = Engine.empty(name, world, plan.threads, plan.layout)
    before = load()
    done = engine.tell("load")
    if done["events"] != world.facts.events:
        raise Failed(f"{name} loaded {done['events']} events of {world.facts.events}")
    peak = engine.peak_memory()
    engine.close()
    return Loaded(done["seconds"], done["events"], done["disk"], peak, before)


def ask_everything(plan: Plan, outcome: Outcome, server: Server, engines: list[Engine]) -> None:
    weir = Weir(server.connect())
    ask_cold(plan, outcome, server, weir, engines)
    weir.define_models()
    people = people_of(engines)
    outcome.locked = lock(weir, engines, people)
    for query in [query for query in QUERIES if query.name in plan.queries]:
        timed = Timed(query)
        outcome.timed.append(timed)
        try:
            check_supported(weir, query)
        except Unsupported as reason:
            timed.skipped = str(reason)
            say(f"{query.name} skipped: {reason}")
            continue
        drawn = draws(query, outcome.world.facts, plan.seed, plan.draws)
        able = compare(timed, drawn, weir, engines, people)
        take_times(plan, timed, drawn, weir, able)
        timed.rows = matching_rows(query, drawn, engines, outcome.world)
        say(line(timed))
    if plan.with_throughput:
        first = QUERIES[0]
        drawn = draws(first, outcome.world.facts, plan.seed, plan.draws)
        outcome.throughput = [throughput.measure(server, first, drawn, clients) for clients in (1, throughput.CLIENTS)]
    outcome.peaks = {"weir": server.peak_memory()} | {engine.name: engine.peak_memory() for engine in engines}


def ask_cold(plan: Plan, outcome: Outcome, server: Server, weir: Weir, engines: list[Engine]) -> None:
    """The very first query of each fresh process. Files may still be in the page cache."""
    first = QUERIES[0]
    params = draws(first, outcome.world.facts, plan.seed, 1)[0]
    outcome.cold["weir"] = (server.ready_seconds, weir.ask(first, params).wall)
    for engine in engines:
        outcome.cold[engine.name] = (engine.open_seconds, engine.timed(first, params)[0])


def lock(weir: Weir, engines: list[Engine], people: People | None) -> Locked:
    locked = weir.lock()
    say(f"the locked audience has {locked.size:,} people, {locked.share:.1%} of all")
    params = {"as_of": str(LOCKED_ON), "since": since(str(LOCKED_ON), locked.days)}
    for engine in engines:
        check.same_locked(locked, params, engine, people)
    return locked


def people_of(engines: list[Engine]) -> People | None:
    """Everybody's name; DuckDB reads it from the export."""
    duckdb = next((engine for engine in engines if engine.name == "duckdb"), None)
    if duckdb is None:
        return None
    file = f"{duckdb.world.parquet}/consumers.parquet"
    rows = duckdb.tell("run", sql=f"SELECT consumer, kind, value FROM read_parquet('{file}')")["rows"]
    return People((int(consumer), kind, value) for consumer, kind, value in rows)


def compare(
    timed: Timed, drawn: list[Params], weir: Weir, engines: list[Engine], people: People | None
) -> list[Engine]:
    """Every draw on every engine, which also warms them; who can answer this query."""
    able = []
    for engine in engines:
        try:
            # Not judged by its time: the first question of a kind reads what later ones find in memory.
            check.equal(timed.query, drawn[0], weir, engine)
        except Unsupported as reason:
            say(f"{timed.query.name}: {reason}")
            continue
        timed.peers[engine.name] = compare_draws(timed.query, drawn, weir, engine)
        able.append(engine)
    if timed.query.is_set and people:
        for params in drawn[:HASHED_DRAWS]:
            check.same_people(timed.query, params, weir, able, people)
            timed.hashed += 1
    return able


def compare_draws(query: Query, drawn: list[Params], weir: Weir, engine: Engine) -> Against:
    """All draws, or so many as are timed once one of them turns out to be slow."""
    against = Against()
    for params in drawn:
        if against.is_slow and against.checked >= SLOW_DRAWS:
            break
        against.is_slow |= check.equal(query, params, weir, engine) > SLOW_SECONDS
        against.checked += 1
    return against


def take_times(plan: Plan, timed: Timed, drawn: list[Params], weir: Weir, engines: list[Engine]) -> None:
    for number, params in enumerate(drawn):
        for round_number in range(plan.rounds):
            if not engines:
                ask_ours(timed, params, weir)
            for engine in engines:
                against = timed.peers[engine.name]
                if against.is_slow and (number >= SLOW_DRAWS or round_number >= SLOW_ROUNDS):
                    continue
                ours = ask_ours(timed, params, weir)
                seconds, _ = engine.timed(timed.query, params)
                against.seconds.append(seconds)
                against.ratios.append(seconds / ours)


def ask_ours(timed: Timed, params: Params, weir: Weir) -> float:
    answered = weir.ask(timed.query, params)
    timed.walls.append(answered.wall)
    timed.elapsed.append(answered.elapsed)
    return answered.wall


def matching_rows(query: Query, drawn: list[Params], engines: list[Engine], world: World) -> float | None:
    duckdb = next((engine for engine in engines if engine.name == "duckdb"), None)
    if duckdb is None:
        return None
    template = (SQL / "rows" / f"{query.name}.sql").read_text()
    counts = [duckdb.tell("run", sql=render(template, params, world.facts.interests))["rows"] for params in drawn]
    return median([rows[0][0] for rows in counts])


def line(timed: Timed) -> str:
    equal = min((against.checked for against in timed.peers.values()), default=0)
    text = f"{timed.query.name} {timed.query.title}: {equal} draws equal, of {timed.hashed} also the people"
    if timed.walls:
        text += f"; weir {median(timed.walls) * 1e3:.2f} ms"
    for name, against in timed.peers.items():
        if against.seconds:
            text += f", {name} {median(against.seconds) * 1e3:.1f} ms ({median(against.ratios):.1f}×)"
    return text
