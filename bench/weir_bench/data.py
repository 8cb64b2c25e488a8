"""The demo world at one scale: made once, imported by Weir with a clock beside it, exported for the peers.

    FOLDER/weir        the data directory that is served
    FOLDER/parquet     events-*.parquet, consumers.parquet, tags.parquet: people resolved, as Weir answers from them
    FOLDER/facts.json  what the draws need to know, and what the import took; written last, so it means "complete"

The peers get what `weir sql` exports, not the merchant's files: who is one person is Weir's doing, and they are
spared it.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from weir_bench.shell import Failed, say, size_of, timed, weir

FULL_CONSUMERS = 4_300_000
DAYS = 120
END = date(2025, 12, 19)

# What the demo's workspace is set to (docs/demo-world.md).
SETTINGS = ["timezone=Asia/Shanghai", "currency=CNY", 'identity={"joining":["phone"]}']

COLUMNS = "consumer, time, day, behavior, channel, shop, brand, category, campaign, item, order_id, amount, quantity"

# Columns of few values; the peers store them as enums.
CODED = ["behavior", "channel", "shop", "brand", "category", "campaign", "item"]


@dataclass(frozen=True)
class Facts:
    """What is known about the data; parameters are drawn from it."""

    consumers: int
    people: int
    events: int
    codes: dict[str, list[str]]
    city_tiers: list[str]
    interests: list[str]
    exposing: list[str]
    """Channels with impressions in the last 60 days."""
    cells: list[list[str]]
    """Behavior, channel, shop, category of the 200 largest cells that have all four."""
    import_seconds: dict[str, float]
    rebuild_seconds: float
    export_seconds: float
    disk: dict[str, int]
    source_bytes: int


@dataclass(frozen=True)
class World:
    """One scale on disk."""

    folder: Path
    facts: Facts

    @property
    def store(self) -> Path:
        return self.folder / "weir"

    @property
    def parquet(self) -> Path:
        return self.folder / "parquet"


def prepare(binary: Path, home: Path, scale: float, seed: int, fresh: bool) -> World:
    """The world of a scale, from the folder where it is, otherwise made."""
    consumers = round(FULL_CONSUMERS * scale)
    folder = home / f"{consumers}x{DAYS}-{seed}"
    facts = folder / "facts.json"
    if fresh or not facts.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made = make(binary, folder, consumers, seed)
        facts.write_text(json.dumps(asdict(made), indent=1, ensure_ascii=False))
    return World(folder, Facts(**json.loads(facts.read_text())))


def make(binary: Path, folder: Path, consumers: int, seed: int) -> Facts:
    source = draw_world(binary, folder, consumers, seed)
    store = folder / "weir"
    imports = import_world(binary, store, source)
    rebuild = time_rebuild(binary, store)
    say("exporting for the peers")
    export_seconds, _ = timed(export, binary, store, folder / "parquet")
    source_bytes = size_of(source)
    shutil.rmtree(source)
    looked = look(binary, store)
    disk = {part.name: size_of(part) for part in sorted(workspace(store).iterdir())}
    return Facts(
        consumers=consumers,
        import_seconds=imports,
        rebuild_seconds=rebuild,
        export_seconds=export_seconds,
        disk={name: size for name, size in disk.items() if size},
        source_bytes=source_bytes,
        **looked,
    )


def draw_world(binary: Path, folder: Path, consumers: int, seed: int) -> Path:
    """The merchant's files, as `weir demo` would import them itself."""
    say(f"drawing {consumers:,} lives")
    source = folder / "source"
    arguments = ["--consumers", str(consumers), "--days", str(DAYS), "--seed", str(seed)]
    weir(binary, folder / "weir", "demo", "--export", str(source), *arguments)
    return source


def import_world(binary: Path, store: Path, source: Path) -> dict[str, float]:
    """Seconds by import, each through the command line that users have."""
    weir(binary, store, "workspace", "set", *SETTINGS)
    history, events = files(source / "history"), files(source / "events")
    steps = {
        "catalog": ["catalog", f"{source}/catalog.csv", "--sql", f"{source}/catalog.sql"],
        "history": ["events", *history, "--sql", f"{source}/events.sql", "--source", "order_history"],
        "events": ["events", *events, "--sql", f"{source}/events.sql", "--source", "shop_system"],
        "tags": ["tags", f"{source}/tags.parquet", "--sql", f"{source}/tags.sql", "--source", "shop_system"],
    }
    seconds = {}
    for name, arguments in steps.items():
        say(f"importing {name}")
        seconds[name], ledger = timed(weir, binary, store, "import", *arguments)
        if ledger["read"] != ledger["accepted"] + ledger["duplicate"] + ledger["rejected"]:
            raise Failed(f"the ledger of {name} does not balance: {ledger}")
    return seconds


def time_rebuild(binary: Path, store: Path) -> float:
    """What it takes to build the index from the event table: `verify` with it, less `verify` without."""
    without, _ = timed(weir, binary, store, "verify")
    with_rebuild, _ = timed(weir, binary, store, "verify", "--rebuild")
    return max(0.0, with_rebuild - without)


def files(folder: Path) -> list[str]:
    return [str(file) for file in sorted(folder.glob("*.parquet"))]


def workspace(store: Path) -> Path:
    found = [path.parent for path in store.rglob("events") if path.is_dir()]
    if len(found) != 1:
        raise Failed(f"expected one workspace below {store}, found {found}")
    return found[0]


def export(binary: Path, store: Path, to: Path) -> None:
    """A file per month of the window, one for what came before: no statement holds more than a part in memory."""
    to.mkdir()
    for name, condition in months():
        copy(binary, store, f"SELECT {COLUMNS} FROM events WHERE {condition}", to / f"events-{name}.parquet")
    copy(binary, store, "SELECT consumer, kind, value, known_since FROM consumers", to / "consumers.parquet")
    tags = "SELECT consumer, key, day, text, multi FROM tags WHERE key IN ('city_tier', 'interests')"
    copy(binary, store, tags, to / "tags.parquet")


def months() -> list[tuple[str, str]]:
    """Names and conditions that together hold every day once, also those of clocks that went wrong."""
    first = END - timedelta(days=DAYS - 1)
    starts = [first]
    while (following := (starts[-1].replace(day=1) + timedelta(days=32)).replace(day=1)) <= END:
        starts.append(following)
    parts = [("before", f"day < '{first}'")]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        until = f" AND day < '{end}'" if end else ""
        parts.append((f"{start:%Y-%m}", f"day >= '{start}'{until}"))
    return parts


def copy(binary: Path, store: Path, select: str, to: Path) -> None:
    weir(binary, store, "sql", f"COPY ({select}) TO '{to}'")


def look(binary: Path, store: Path) -> dict[str, Any]:
    def rows(query: str) -> list[list[Any]]:
        return weir(binary, store, "sql", query)["rows"]

    def column(query: str) -> list[str]:
        return [row[0] for row in rows(query)]

    recent = f"day BETWEEN '{END - timedelta(days=59)}' AND '{END}'"
    cells = f"""SELECT behavior, channel, shop, category FROM events WHERE {recent} AND shop IS NOT NULL
        AND category IS NOT NULL AND channel IS NOT NULL
        GROUP BY 1, 2, 3, 4 ORDER BY count(*) DESC, 1, 2, 3, 4 LIMIT 200"""
    exposing = f"SELECT DISTINCT channel FROM events WHERE behavior = 'impression' AND {recent} ORDER BY 1"
    return {
        "people": rows("SELECT count(*) FROM consumers")[0][0],
        "events": rows("SELECT count(*) FROM events")[0][0],
        "codes": {
            name: column(f"SELECT DISTINCT {name} FROM events WHERE {name} IS NOT NULL ORDER BY 1") for name in CODED
        },
        "city_tiers": column("SELECT DISTINCT text FROM tags WHERE key = 'city_tier' ORDER BY 1"),
        "interests": column("SELECT DISTINCT unnest(multi) FROM tags WHERE key = 'interests' ORDER BY 1"),
        "exposing": column(exposing),
        "cells": rows(cells),
    }
