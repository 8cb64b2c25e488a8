"""The driver's side of a peer's process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from weir_bench.data import World
from weir_bench.peers.base import Unsupported
from weir_bench.process import peak_memory
from weir_bench.queries import Params, Query
from weir_bench.shell import Failed

PACKAGE = Path(__file__).resolve().parent.parent


class Engine:
    """A peer that runs; ends with `close`."""

    def __init__(self, name: str, world: World, threads: int, layout: str) -> None:
        self.name, self.world = name, world
        given = {
            "peer": name,
            "parquet": str(world.parquet),
            "folder": str(world.folder / name),
            "codes": world.facts.codes,
            "interests": world.facts.interests,
            "threads": threads,
            "layout": layout,
        }
        command = [sys.executable, "-m", "weir_bench.worker", json.dumps(given)]
        # Polars reads it when it is imported; the others have settings.
        environment = os.environ | {"PYTHONPATH": str(PACKAGE), "POLARS_MAX_THREADS": str(threads)}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        ready = self.reply()
        self.open_seconds: float = ready["seconds"]
        self.version: str = ready["version"]

    @classmethod
    def empty(cls, name: str, world: World, threads: int, layout: str) -> "Engine":
        """One whose tables are yet to be loaded."""
        shutil.rmtree(world.folder / name, ignore_errors=True)
        return cls(name, world, threads, layout)

    def close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(60)

    def tell(self, do: str, **more: Any) -> dict[str, Any]:
        if not self.process.stdin:
            raise Failed(f"{self.name} is closed")
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        return self.reply()

    def reply(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise Failed(f"{self.name} ended without an answer, status {self.process.wait()}")
        reply = json.loads(line)
        if "unsupported" in reply:
            raise Unsupported(reply["unsupported"])
        if "error" in reply:
            raise Failed(f"{self.name}: {reply['error']}")
        return reply

    def timed(self, query: Query, params: Params) -> tuple[float, Any]:
        reply = self.tell("ask", query=query.name, params=params)
        return reply["seconds"], query.collect(reply["rows"], params)

    def members(self, query: Query, params: Params) -> list[int]:
        return self.tell("members", query=query.name, params=params)["members"]

    def peak_memory(self) -> int:
        return peak_memory(self.process.pid)
