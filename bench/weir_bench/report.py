"""The figures as Markdown, with a chart beside it."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from weir_bench import chart
from weir_bench.chart import figure
from weir_bench.limits import Limits
from weir_bench.peers.base import LAYOUTS
from weir_bench.process import machine
from weir_bench.run import HASHED_DRAWS, SLOW_DRAWS, SLOW_ROUNDS, SLOW_SECONDS, Outcome, Plan, Timed
from weir_bench.shell import say
from weir_bench.stats import median, quantile, quartiles

TITLES = {"weir": "Weir", "duckdb": "DuckDB", "chdb": "chDB", "datafusion": "DataFusion", "polars": "Polars"}

# A row of the index that a condition touches is at least a two-byte number of a consumer.
ROW_BYTES = 2


def write(out: Path | None, plan: Plan, outcomes: Sequence[Outcome], allowed: Limits) -> None:
    """To a file and its charts, or to stdout without charts."""
    text = render(out.stem if out else None, plan, outcomes, allowed)
    if out is None:
        print(text)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text)
    for outcome in outcomes:
        (out.parent / chart_name(out.stem, outcome)).write_text(drawing(plan, outcome))
    say(f"report: {out}")


def chart_name(stem: str, outcome: Outcome) -> str:
    return f"{stem}-{outcome.world.facts.consumers}.svg"


def render(stem: str | None, plan: Plan, outcomes: Sequence[Outcome], allowed: Limits) -> str:
    parts = [heading(plan, outcomes, allowed)]
    for outcome in outcomes:
        name = chart_name(stem, outcome) if stem else ""
        parts += [scale(outcome, name), queries(plan, outcome, allowed)]
        parts += [loading(outcome), memory(outcome), crowd(outcome)]
    if len(outcomes) > 1:
        parts.append(growth(outcomes))
    parts.append(method(plan))
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def heading(plan: Plan, outcomes: Sequence[Outcome], allowed: Limits) -> str:
    versions = ", ".join(f"{TITLES[name]} {version}" for name, version in outcomes[0].versions.items())
    return f"""# Benchmark

{datetime.now(UTC):%Y-%m-%d}; Weir {weir_version(plan)}; {versions}.
{machine()}; {plan.threads} threads for every engine; the peers' events sorted by {LAYOUTS[plan.layout]}. \
Read bandwidth {allowed.read_gb_per_s:.1f} GB/s, {allowed.scatter_per_s / 1e6:,.0f} M random bits/s set in 625 KB \
(all threads together).
How it is done, and how to repeat it: [bench/README.md](../../bench/README.md)."""


def weir_version(plan: Plan) -> str:
    profile = "release" if "release" in plan.binary.parts else "everyday"
    version = subprocess.run([str(plan.binary), "--version"], capture_output=True, text=True).stdout.split()[-1]
    return f"{version}, {profile} profile"


def scale(outcome: Outcome, drawn: str) -> str:
    facts = outcome.world.facts
    picture = f"\n\n![Median time of each query]({drawn})" if drawn else ""
    return f"""## {facts.consumers:,} consumers × 120 days: {facts.events:,} events

{facts.people:,} people. Load average {outcome.load_before:.1f} before the run, {outcome.load_after:.1f} after \
it.{picture}"""


def queries(plan: Plan, outcome: Outcome, allowed: Limits) -> str:
    peers = list(outcome.versions)
    head = ["query", "Weir ms", "p99", "HTTP ms", *(f"{TITLES[p]} ms" for p in peers)]
    head += [*(f"{TITLES[p]} ÷ Weir" for p in peers), "rows", "M rows/s", "of limit"]
    rows = [row(timed, peers, allowed) for timed in outcome.timed if timed.walls]
    skipped = [f"{timed.query.name.upper()} was not run: {timed.skipped}." for timed in outcome.timed if timed.skipped]
    slow = [
        f"Weir or {TITLES[name]} took over {SLOW_SECONDS:g} s on {timed.query.name.upper()}, so the two were asked \
{SLOW_DRAWS} draws × {SLOW_ROUNDS} rounds."
        for timed in outcome.timed
        for name, against in timed.peers.items()
        if against.is_slow
    ]
    notes = f"""Weir: median and 99th percentile of what the client waited; HTTP: what of that (median) was not the \
engine's, by the answer's own `elapsed_us`. Ratio: median of the ratios within a round, and their quartiles; \
{plan.draws} draws × {plan.rounds} rounds. Rows: events that the conditions match, median of the draws. Of limit: the \
least time in which the machine reads {ROW_BYTES} bytes of each and sets a bit for it, as a share of the engine's."""
    return "\n\n".join(["### Queries", table(head, rows), notes, *skipped, *slow])


def row(timed: Timed, peers: Sequence[str], allowed: Limits) -> list[str]:
    against = [timed.peers.get(name) for name in peers]
    overhead = [wall - elapsed for wall, elapsed in zip(timed.walls, timed.elapsed, strict=True)]
    return [
        f"{timed.query.name.upper()} {timed.query.title}",
        ms(median(timed.walls)),
        ms(quantile(timed.walls, 0.99)),
        ms(median(overhead)),
        *(ms(median(peer.seconds)) if peer and peer.seconds else "–" for peer in against),
        *(ratio(peer.ratios) if peer and peer.ratios else "–" for peer in against),
        *of_rows(timed, allowed),
    ]


def ms(seconds: float) -> str:
    return figure(seconds * 1e3)


def ratio(ratios: Sequence[float]) -> str:
    low, middle, high = quartiles(ratios)
    return f"**{figure(middle)}** ({figure(low)}–{figure(high)})"


def of_rows(timed: Timed, allowed: Limits) -> list[str]:
    if timed.rows is None:
        return ["–"] * 3
    seconds = max(median(timed.elapsed), 1e-6)
    least = max(timed.rows * ROW_BYTES / (allowed.read_gb_per_s * 1e9), timed.rows / allowed.scatter_per_s)
    return [f"{timed.rows:,.0f}", f"{timed.rows / seconds / 1e6:,.0f}", f"{least / seconds:.0%}"]


def loading(outcome: Outcome) -> str:
    facts = outcome.world.facts
    imported = facts.import_seconds["history"] + facts.import_seconds["events"] + facts.import_seconds["tags"]
    ours = sum(facts.disk.values())
    rows = [
        weir_row("Weir, import of the merchant's files", imported, facts.events, ours),
        weir_row("– of this, the index alone", facts.rebuild_seconds, facts.events, facts.disk["segments"]),
    ]
    rows += [weir_row(TITLES[n], loaded.seconds, loaded.events, loaded.disk) for n, loaded in outcome.loaded.items()]
    parts = ", ".join(f"{name} {size / 1e6:,.1f}" for name, size in facts.disk.items())
    return f"""### Loading

{table(["store", "seconds", "M events/s", "MB on disk", "bytes/event"], rows)}

Weir reads {facts.source_bytes / 1e6:,.0f} MB of Parquet as the merchant exports it, drops duplicates, finds out who \
is one person and builds its index; the peers read the result of that and only sort it. Weir's MB by part: {parts}. \
The import was timed once, when the world was made; the index alone is `weir verify --rebuild` less `weir verify`. The \
export for the peers took {facts.export_seconds:.1f} s."""


def weir_row(name: str, seconds: float, events: int, size: int) -> list[str]:
    rate = f"{events / seconds / 1e6:.2f}" if seconds else "–"
    disk = f"{size / 1e6:,.1f}" if size else "in memory"
    return [name, f"{seconds:.1f}", rate, disk, f"{size / events:.1f}" if size else "–"]


def memory(outcome: Outcome) -> str:
    rows = []
    for name, (opened, first) in outcome.cold.items():
        loaded = outcome.loaded.get(name)
        peak = f"{loaded.peak / 1e6:,.0f}" if loaded else "–"
        rows.append([TITLES[name], f"{opened * 1e3:,.0f}", ms(first), f"{outcome.peaks[name] / 1e6:,.0f}", peak])
    return f"""### Memory and the first query

{table(["engine", "open ms", "first Q1 ms", "peak MB asking", "peak MB loading"], rows)}

Each engine has a process of its own (`VmHWM`; a Python interpreter is in the peers', mapped files in Weir's). First \
query: the process is new, the page cache is not dropped. Weir's opening lasts until `/readyz` says 200."""


def crowd(outcome: Outcome) -> str:
    if not outcome.throughput:
        return ""
    rows = [
        [str(t.clients), f"{t.per_second:,.0f}", f"{1e3 / t.per_second:.2f}", ms(t.median), ms(t.p99)]
        for t in outcome.throughput
    ]
    return f"""### Estimates at the same time

{table(["clients", "Q1 a second", "ms of the machine each", "median ms", "p99 ms"], rows)}

The clients are threads of one Python process on the same cores, so this is what the server does beside them."""


def growth(outcomes: Sequence[Outcome]) -> str:
    head = ["query", *(f"{outcome.world.facts.events / 1e6:,.1f} M events" for outcome in outcomes), "growth"]
    rows = []
    for several in zip(*(outcome.timed for outcome in outcomes), strict=True):
        if all(timed.walls for timed in several):
            medians = [median(timed.walls) for timed in several]
            name = several[0].query.name.upper()
            rows.append([name, *map(ms, medians), f"{medians[-1] / medians[0]:.1f}×"])
    times = outcomes[-1].world.facts.events / outcomes[0].world.facts.events
    return f"## Growth\n\nWeir's median ms; events and consumers grow {times:.1f}×.\n\n{table(head, rows)}"


def method(plan: Plan) -> str:
    return f"""## Before any time was taken

Of every draw that was timed the answers were equal in all engines: counts, states, matrices, cohorts and steps number \
for number; for sets the first {HASHED_DRAWS} draws also by the SHA-256 over the canonical identifiers. Then, for \
each draw and round, a peer right after Weir. Seed {plan.seed}."""


def drawing(plan: Plan, outcome: Outcome) -> str:
    series = ["weir", *outcome.versions]
    groups: list[tuple[str, list[float | None]]] = []
    for timed in outcome.timed:
        if not timed.walls:
            continue
        peers = [timed.peers.get(name) for name in outcome.versions]
        theirs = [median(peer.seconds) * 1e3 if peer and peer.seconds else None for peer in peers]
        groups.append((timed.query.name.upper(), [median(timed.walls) * 1e3, *theirs]))
    title = f"Median ms, {outcome.world.facts.events / 1e6:,.1f} M events, {plan.threads} threads"
    return chart.bars(title, [TITLES[name] for name in series], groups)
