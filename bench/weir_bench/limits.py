"""What the machine allows: read bandwidth and random scatter, measured in the same run by limits.c."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "limits.c"


@dataclass(frozen=True)
class Limits:
    """Figures of all threads together."""

    read_gb_per_s: float
    scatter_per_s: float


def measure(scratch: Path, threads: int) -> Limits:
    program = scratch / "limits"
    subprocess.run(["cc", "-O3", "-march=native", "-pthread", str(SOURCE), "-o", str(program)], check=True)
    out = subprocess.run([str(program), str(threads)], check=True, capture_output=True, text=True).stdout
    return Limits(**json.loads(out))
