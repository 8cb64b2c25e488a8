"""`python -m weir_bench`: options in, a report out. `scripts/bench.sh` is the way to call it."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from weir_bench import limits, peers, report
from weir_bench.data import prepare
from weir_bench.peers.base import LAYOUTS
from weir_bench.queries import QUERIES
from weir_bench.run import Plan, run
from weir_bench.shell import Failed, say


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench.sh", description="Weir and its peers on the same questions")
    parser.add_argument("--scale", type=float, nargs="+", default=[0.1], help="1 is 4.3 M consumers, 120 days")
    parser.add_argument("--rounds", type=int, default=7, help="how often each draw is timed")
    parser.add_argument("--draws", type=int, default=20, help="parameters drawn for each query")
    parser.add_argument("--seed", type=int, default=1, help="of the world and of the draws")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="for every engine")
    parser.add_argument("--peers", nargs="+", default=peers.NAMES[:2], choices=peers.NAMES)
    names = [query.name for query in QUERIES]
    parser.add_argument("--queries", nargs="+", default=names, choices=names)
    parser.add_argument("--layout", choices=LAYOUTS, default="cell", help="what the peers' events are sorted by")
    parser.add_argument("--out", type=Path, help="the report, Markdown; a chart is put beside it")
    parser.add_argument("--data", type=Path, required=True, help="where worlds and tables are kept")
    parser.add_argument("--weir", type=Path, required=True, help="the binary")
    parser.add_argument("--fresh", action="store_true", help="make the world and import it again")
    parser.add_argument("--smoke", action="store_true", help="whether all answers are equal; times mean nothing")
    return parser.parse_args()


def main() -> None:
    given = options()
    if given.smoke:
        given.peers, given.rounds = ["duckdb"], 1
    plan = Plan(
        binary=given.weir,
        threads=given.threads,
        rounds=given.rounds,
        draws=given.draws,
        seed=given.seed,
        peers=given.peers,
        queries=given.queries,
        layout=given.layout,
        with_throughput=not given.smoke,
    )
    outcomes = []
    for scale in sorted(given.scale):
        world = prepare(given.weir, given.data, scale, given.seed, given.fresh)
        say(f"scale {scale:g}: {world.facts.events:,} events of {world.facts.people:,} people")
        outcomes.append(run(plan, world))
    with tempfile.TemporaryDirectory() as scratch:
        allowed = limits.measure(Path(scratch), given.threads)
        # Also where nobody wants to see it, so that a report that cannot be written is noticed.
        out = Path(scratch) / "smoke.md" if given.smoke else given.out
        report.write(out, plan, outcomes, allowed)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"error: {failure}")
