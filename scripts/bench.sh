#!/usr/bin/env bash
# The benchmark: Weir, DuckDB, chDB and others on the same questions over the demo world. bench/README.md explains it.
#
#   scripts/bench.sh                                   ten million events, DuckDB and chDB
#   scripts/bench.sh --scale 0.1 1 --peers duckdb chdb datafusion polars --out docs/benchmarks/queries.md
#   scripts/bench.sh --smoke --scale 0.003 --draws 3   only whether all answers are equal, with DuckDB
#
# WEIR_BIN names a binary; without it the everyday profile is built. WEIR_BENCH_DATA is where worlds are kept, by
# default in the cache folder. WEIR_BENCH_PYTHON names a Python that has the peers; without it one is made.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh

# The peers, in a virtual environment of their own.
peers_python() {
    local venv="$cache_dir/bench-venv"
    [ -x "$venv/bin/pip" ] || python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement bench/requirements.txt
    echo "$venv/bin/python"
}

if [ -z "${WEIR_BIN:-}" ]; then
    cargo build --package weir
    WEIR_BIN="$CARGO_TARGET_DIR/debug/weir"
fi
python="${WEIR_BENCH_PYTHON:-$(peers_python)}"
data="${WEIR_BENCH_DATA:-$cache_dir/bench}"

PYTHONPATH=bench exec "$python" -m weir_bench --weir "$WEIR_BIN" --data "$data" "$@"
