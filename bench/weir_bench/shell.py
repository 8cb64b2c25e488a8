"""Programs that are run to the end, and folders."""

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Failed(Exception):
    """The benchmark cannot go on; the text says why."""


def say(text: str) -> None:
    print(text, flush=True)


def weir(binary: Path, data: Path, *arguments: str) -> Any:
    """The JSON answer of one call of the command line."""
    command = [str(binary), "--json", "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)[:400]}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def timed(work: Any, *arguments: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    answer = work(*arguments)
    return time.perf_counter() - started, answer


def size_of(paths: Path | Sequence[Path]) -> int:
    """Bytes of files, and of all below folders."""
    roots = [paths] if isinstance(paths, Path) else paths
    total = 0
    for root in roots:
        files = [root] if root.is_file() else root.rglob("*")
        total += sum(file.stat().st_size for file in files if file.is_file())
    return total
