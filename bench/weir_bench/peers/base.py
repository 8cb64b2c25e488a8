"""What the protocol asks of a peer, and what those that speak SQL share."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weir_bench.queries import Params, since

SQL = Path(__file__).resolve().parent.parent.parent / "sql"

Rows = Sequence[Sequence[Any]]

# What the event table is sorted by. By cell is quicker on every query but the widest, for DuckDB and chDB alike, since
# row groups then hold few behaviors; by day is what tables of events are usually sorted by.
LAYOUTS = {
    "cell": "behavior, shop, channel, day, consumer",
    "day": "day, behavior, channel, shop, consumer",
}


class Unsupported(Exception):
    """The peer has no statement for this query."""


class Peer(ABC):
    """One engine over the exported tables, tables of its own below `folder`."""

    name: str

    def __init__(
        self, parquet: Path, folder: Path, codes: dict[str, list[str]], interests: list[str], layout: str
    ) -> None:
        self.parquet, self.folder, self.codes, self.interests = parquet, folder, codes, interests
        self.order = LAYOUTS[layout]

    @abstractmethod
    def open(self, threads: int) -> None: ...

    @abstractmethod
    def load(self) -> int:
        """Fills the tables; how many events."""

    @abstractmethod
    def lock(self, params: Params) -> None:
        """Makes the table of the locked audience: consumers with a view from `since` to `as_of`."""

    @abstractmethod
    def locked_members(self) -> list[int]:
        """Who is in it."""

    @abstractmethod
    def ask(self, query: str, params: Params) -> Any:
        """The timed part: a result whose rows are there."""

    @abstractmethod
    def rows(self, result: Any) -> Rows:
        """The rows of a result as Python values; not timed."""

    @abstractmethod
    def members(self, query: str, params: Params) -> list[int]:
        """Who is in the set of a query."""

    @abstractmethod
    def disk(self) -> int:
        """Bytes of its tables; 0 for those in memory."""

    def version(self) -> str:
        from importlib.metadata import version

        return version(self.name)


class SqlPeer(Peer):
    """A peer that is asked in SQL: templates below sql/NAME, literals put in as text.

    Literals rather than prepared statements, because then every planner sees the dates it can prune by.
    """

    @abstractmethod
    def run(self, sql: str) -> Any: ...

    def ask(self, query: str, params: Params) -> Any:
        return self.run(self.counting(query, params))

    def counting(self, query: str, params: Params) -> str:
        """`q01.count.sql` where that is quicker than counting the set of `q01.sql`."""
        counted = self.template(f"{query}.count")
        if counted:
            return self.render(counted, params)
        template = self.statement(query)
        sql = self.render(template, params)
        return f"SELECT count(*) FROM ({sql}) people" if is_set(template) else sql

    def members(self, query: str, params: Params) -> list[int]:
        return self.numbers(self.render(self.statement(query), params))

    def locked_members(self) -> list[int]:
        return self.numbers("SELECT consumer FROM locked")

    def numbers(self, sql: str) -> list[int]:
        return [int(row[0]) for row in self.rows(self.run(sql))]

    def statement(self, query: str) -> str:
        template = self.template(query)
        if template is None:
            raise Unsupported(f"{self.name} has no sql/{self.name}/{query}.sql")
        return template

    def template(self, name: str) -> str | None:
        file = SQL / self.name / f"{name}.sql"
        return file.read_text() if file.exists() else None

    def render(self, template: str, params: Params) -> str:
        return render(template, params, self.interests)


def is_set(template: str) -> bool:
    """Sets select people and nothing else, and say so in their first line."""
    return template.startswith("-- A set")


def render(template: str, params: Params, interests: list[str]) -> str:
    """Puts parameters in: `{shop}` as it is, `{channels}` as quoted words, `{since_30}` the first of 30 days to as-of,
    `{from_since_30}` the same for the date `from`, `{first_since_30}` for the first date of a sweep,
    `{interest_bit}` the interest's bit.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in params:
            given = params[name]
            return quoted(given) if isinstance(given, list) else str(given)
        if name == "interest_bit":
            return str(1 << interests.index(params["interest"]))
        window = re.fullmatch(r"(?:(from|first)_)?since_(\d+)", name)
        if window is None:
            raise KeyError(f"no parameter {name} among {sorted(params)}")
        return since(params[window[1] or "as_of"], int(window[2]))

    return re.sub(r"\{(\w+)\}", value, template)


def quoted(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
