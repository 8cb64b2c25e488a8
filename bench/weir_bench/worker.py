"""A peer in a process of its own, so that its memory is its own: commands and answers are lines of JSON.

Times are taken here, around the peer's own call; the pipe is not in them.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from weir_bench.peers.base import Peer, Unsupported

CLASSES = {"duckdb": "DuckDb", "chdb": "ChDb", "datafusion": "DataFusion", "polars": "Polars"}


def peer_class(name: str) -> type[Peer]:
    module = importlib.import_module(f"weir_bench.peers.{name}")
    return getattr(module, CLASSES[name])


def answer(peer: Peer, command: dict[str, Any]) -> dict[str, Any]:
    params = command.get("params", {})
    match command["do"]:
        case "load":
            started = time.perf_counter()
            events = peer.load()
            seconds = time.perf_counter() - started
            return {"seconds": seconds, "events": events, "disk": peer.disk()}
        case "lock":
            peer.lock(params)
            return {"members": peer.locked_members()}
        case "ask":
            started = time.perf_counter()
            result = peer.ask(command["query"], params)
            seconds = time.perf_counter() - started
            return {"seconds": seconds, "rows": peer.rows(result)}
        case "members":
            return {"members": peer.members(command["query"], params)}
        case "run":
            return {"rows": peer.rows(peer.run(command["sql"]))}  # type: ignore[attr-defined]
    raise ValueError(f"no such command: {command}")


def serve(peer: Peer, replies: Any) -> None:
    for line in sys.stdin:
        try:
            reply = answer(peer, json.loads(line))
        except Unsupported as error:
            reply = {"unsupported": str(error)}
        except Exception as error:  # The driver decides; it needs the text.
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply, default=str) + "\n")
        replies.flush()


def main() -> None:
    given = json.loads(sys.argv[1])
    # Whatever a library prints goes to stderr; replies have the pipe for themselves.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    kind = peer_class(given["peer"])
    peer = kind(Path(given["parquet"]), Path(given["folder"]), given["codes"], given["interests"], given["layout"])
    started = time.perf_counter()
    peer.open(given["threads"])
    seconds = time.perf_counter() - started
    ready = {"seconds": seconds, "version": peer.version()}
    replies.write(json.dumps(ready) + "\n")
    replies.flush()
    serve(peer, replies)


if __name__ == "__main__":
    main()
