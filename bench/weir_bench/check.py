"""Answers are equal before any time is taken. A difference ends the benchmark."""

import json
from collections.abc import Sequence
from typing import Any

from weir_bench.engine import Engine
from weir_bench.people import People
from weir_bench.queries import Params, Query
from weir_bench.shell import Failed
from weir_bench.subject import Locked, Weir


class Different(Failed):
    """Two engines gave different answers."""

    def __init__(self, what: str, params: Params, ours: Any, peer: str, theirs: Any) -> None:
        text = [f"different answers: {what}", f"draw  {json.dumps(params)}", f"weir  {ours}", f"{peer}  {theirs}"]
        super().__init__("\n".join(text))


def equal(query: Query, params: Params, weir: Weir, engine: Engine) -> float:
    """The peer's answer against Weir's; seconds of the slower one."""
    ours = weir.ask(query, params)
    seconds, theirs = engine.timed(query, params)
    if ours.answer != theirs:
        raise Different(query.name, params, ours.answer, engine.name, theirs)
    return max(seconds, ours.wall)


def same_people(query: Query, params: Params, weir: Weir, engines: Sequence[Engine], people: People) -> None:
    """Not only as many: the same ones."""
    ours = weir.content_hash(query, params)
    for engine in engines:
        theirs = people.hash(engine.members(query, params))
        if ours != theirs:
            raise Different(f"people of {query.name}", params, ours, engine.name, theirs)


def same_locked(locked: Locked, params: Params, engine: Engine, people: People | None) -> None:
    """Makes a peer's table of the locked audience: the snapshot's people, by name where names are known."""
    members = engine.tell("lock", params=params)["members"]
    if len(members) != locked.size:
        raise Different("size of the locked audience", params, locked.size, engine.name, len(members))
    if people and people.hash(members) != locked.content_hash:
        raise Different("people of the locked audience", params, locked.content_hash, engine.name, people.hash(members))
