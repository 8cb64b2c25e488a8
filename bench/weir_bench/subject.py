"""Weir as the protocol sees it: questions of `queries` put to a running server."""

from dataclasses import dataclass
from typing import Any

from weir_bench import queries
from weir_bench.peers.base import Unsupported
from weir_bench.queries import LOCKED, LOCKED_ON, Params, Query
from weir_bench.weir import Connection, Refused

SHARE_LOCKED = 0.2
NOT_THERE = (404, 405)


@dataclass(frozen=True)
class Answered:
    wall: float
    """Seconds that the client waited."""
    elapsed: float
    """Seconds that the answer says it took."""
    answer: Any


@dataclass(frozen=True)
class Locked:
    """The frozen audience of Q8."""

    days: int
    size: int
    share: float
    content_hash: str


class Weir:
    """One connection, and what this server can be asked."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.has_funnel = self.has(queries.FUNNEL)

    def has(self, path: str) -> bool:
        try:
            self.connection.ask("POST", path, {})
        except Refused as refused:
            return refused.status not in NOT_THERE
        return True

    def reason_against(self, query: Query) -> str | None:
        """Why a query cannot be put to this server."""
        if query.path == queries.RETENTION and not self.has(query.path):
            return f"this weir has no POST {query.path}"
        return None

    def ask(self, query: Query, params: Params) -> Answered:
        if query.path == queries.FUNNEL and not self.has_funnel:
            return self.ask_prefixes(query, params)
        wall, answer = self.connection.timed(query.path, query.body(params))
        return Answered(wall, elapsed(answer), query.read(answer, params))

    def ask_prefixes(self, query: Query, params: Params) -> Answered:
        asked = queries.funnel_prefixes(query.body(params))
        answers = [self.connection.timed(queries.ESTIMATE, body) for body in asked]
        wall = sum(wall for wall, _ in answers)
        return Answered(wall, sum(elapsed(answer) for _, answer in answers), [answer["count"] for _, answer in answers])

    def content_hash(self, query: Query, params: Params) -> str:
        return self.connection.ask("POST", query.path, query.body(params) | {"hash": True})["content_hash"]

    def universe(self) -> int:
        everyone = {"expression": {"everyone": True}, "as_of": str(queries.END)}
        return self.connection.ask("POST", queries.ESTIMATE, everyone)["count"]

    def define_models(self) -> None:
        for k in (1, 2, 3):
            self.connection.ask("PUT", f"/api/v1/state-models/{queries.model_name(k)}", queries.model(k))

    def lock(self) -> Locked:
        """Freezes visitors of as many days as come closest to a fifth of the people."""
        as_of = str(LOCKED_ON)
        sizes = {days: self.visitors(days, as_of) for days in range(1, 61)}
        days = min(sizes, key=lambda days: abs(sizes[days][1] - SHARE_LOCKED))
        body = {"name": LOCKED, "as_of": as_of, "expression": queries.locked(days)}
        try:
            snapshot = self.connection.ask("POST", "/api/v1/snapshots", body)
        except Refused as refused:
            if refused.status != 409:
                raise
            snapshot = self.connection.ask("GET", f"/api/v1/snapshots/{LOCKED}")
        return Locked(days, snapshot["size"], sizes[days][1], snapshot["content_hash"])

    def visitors(self, days: int, as_of: str) -> tuple[int, float]:
        answer = self.connection.ask("POST", queries.ESTIMATE, {"expression": queries.locked(days), "as_of": as_of})
        return answer["count"], answer["count"] / answer["universe"]


def elapsed(answer: Any) -> float:
    return answer.get("elapsed_us", 0) / 1e6


def check_supported(weir: Weir, query: Query) -> None:
    reason = weir.reason_against(query)
    if reason:
        raise Unsupported(reason)
