#!/usr/bin/env bash
# Every check of the repository, in one command. Installs what the tests need into the cache folder.
#
# All steps run even when one fails. The last line is always `N passed, N failed`, the sum over tests and
# chores; the exit status is 0 only if nothing failed.
#
#   WEIR_TEST_DATA   folder with real data sets; without it tests that need them say so and pass.
#                    With CI=true that is a failure instead.
#   WEIR_TEST_NATS   the program nats-server, where it is not on the path.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
. scripts/env.sh

passed=0
failed=0
failures=()
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

record_failure() {
    failures+=("$1")
    echo "--- FAILED: $1" >&2
}

# chore NAME COMMAND…: counts as one.
chore() {
    local name="$1" started=$SECONDS
    shift
    heading "$name"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        record_failure "$name"
    fi
    echo "--- $name: $((SECONDS - started)) s"
}

# tests NAME COUNTER COMMAND…: COUNTER reads the output and prints "PASSED FAILED".
tests() {
    local name="$1" counter="$2" started=$SECONDS status ran_passed ran_failed
    shift 2
    heading "$name"
    "$@" 2>&1 | tee "$scratch/output"
    status=${PIPESTATUS[0]}
    strip_colors <"$scratch/output" >"$scratch/plain"
    read -r ran_passed ran_failed < <("$counter" <"$scratch/plain")
    if [ "$status" -ne 0 ] && [ "$ran_failed" -eq 0 ]; then
        ran_failed=1 # it did not even build, or broke off
    fi
    passed=$((passed + ran_passed))
    failed=$((failed + ran_failed))
    if [ "$ran_failed" -gt 0 ]; then
        record_failure "$name"
    fi
    echo "--- $name: $ran_passed passed, $ran_failed failed, $((SECONDS - started)) s"
}

strip_colors() {
    sed $'s/\033\\[[0-9;]*[A-Za-z]//g'
}

# `Summary [ 1.2s] 34 tests run: 31 passed (2 slow), 1 failed, 1 timed out, 1 exec failed, 0 skipped`:
# whatever is neither passed nor skipped has failed.
count_nextest() {
    sed -n 's/^ *Summary \[[^]]*\] .* run: //p' | tail -n 1 | sed 's/([^)]*)//g' | tr ',' '\n' |
        awk '$2 == "passed" { p += $1 } $1 + 0 > 0 && $2 != "passed" && $2 != "skipped" { f += $1 }
             END { print p + 0, f + 0 }'
}

# Vitest: `      Tests  1 failed | 122 passed (123)`.
count_vitest() {
    sed -n 's/^ *Tests  *//p' | tail -n 1 | tr '|' '\n' |
        awk '$2 == "passed" { p += $1 } $2 == "failed" { f += $1 } END { print p + 0, f + 0 }'
}

# Playwright ends with a line for each outcome: `  12 passed (1.2m)`, `  1 failed`. What passed at the second try is
# listed there as flaky, and passes.
count_playwright() {
    awk '/^ +[0-9]+ (passed|failed|flaky|interrupted|skipped)( |$)/ || /^ +[0-9]+ did not run/ {
             if ($2 == "passed" || $2 == "flaky") p += $1; else f += $1
         }
         END { print p + 0, f + 0 }'
}

# `test result: ok. 3 passed; 0 failed; …`, once per test binary.
count_cargo_test() {
    sed -n 's/^test result: [A-Za-z]*\. //p' | tr ';' '\n' |
        awk '$2 == "passed" { p += $1 } $2 == "failed" { f += $1 } END { print p + 0, f + 0 }'
}

rust_components() {
    if cargo fmt --version && cargo clippy --version; then
        return 0
    fi
    rustup component add rustfmt clippy
}

# python_packages FOLDER REQUIREMENTS: a virtual environment of its own.
python_packages() {
    local venv="$1" requirements="$2"
    if [ ! -x "$venv/bin/pip" ] && ! python3 -m venv --clear "$venv"; then
        echo "error: cannot create $venv; on Debian and Ubuntu: apt install python3-venv" >&2
        return 1
    fi
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
}

# A second implementation to compare with: DuckDB, called from Rust tests through $WEIR_TEST_PYTHON.
python_environment() {
    python_packages "$cache_dir/venv" scripts/requirements.txt || return 1
    export WEIR_TEST_PYTHON="$cache_dir/venv/bin/python"
    "$WEIR_TEST_PYTHON" -c 'import duckdb; print("duckdb", duckdb.__version__)'
}

# The clients that people point at Weir, run by a Rust test from $WEIR_TEST_CLIENTS.
client_packages() {
    local from=crates/weir/tests/clients to="$cache_dir/clients"
    mkdir -p "$to" || return 1
    python_packages "$to/python" "$from/requirements.txt" || return 1
    python_packages "$to/python-old" "$from/requirements-old.txt" || return 1
    if ! cmp -s "$from/package-lock.json" "$to/installed-lock.json"; then
        cp "$from/package.json" "$from/package-lock.json" "$to" || return 1
        npm --prefix "$to" ci --no-audit --no-fund --ignore-scripts || return 1
        cp "$from/package-lock.json" "$to/installed-lock.json" || return 1
    fi
    export WEIR_TEST_CLIENTS="$to"
    "$to/python/bin/pip" list --disable-pip-version-check | grep -E '^(segment|rudder)'
    "$to/python-old/bin/pip" list --disable-pip-version-check | grep '^segment'
}

# Real pages in a real browser. Debian's package is installed where that is possible.
browser() {
    local chromium="${CHROMIUM:-/usr/bin/chromium}"
    if [ ! -x "$chromium" ]; then
        if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
            echo "error: $chromium is not there; install Chromium, or name it in CHROMIUM" >&2
            return 1
        fi
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk || return 1
    fi
    "$chromium" --version
}

# The fuzzer is written in C++.
cpp_compiler() {
    if ! command -v c++ >/dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq g++ || return 1
    fi
    c++ --version | head -n 1
}

# A real queue to read. Debian's package is unpacked, not installed: installed it would start a server by itself.
queue_server() {
    local unpacked="$cache_dir/nats-server"
    WEIR_TEST_NATS="${WEIR_TEST_NATS:-$(PATH="$PATH:/usr/sbin" command -v nats-server)}"
    if [ -z "$WEIR_TEST_NATS" ] && command -v apt-get >/dev/null; then
        [ -x "$unpacked/usr/sbin/nats-server" ] || unpack nats-server "$unpacked"
        WEIR_TEST_NATS="$unpacked/usr/sbin/nats-server"
    fi
    if [ -x "$WEIR_TEST_NATS" ]; then
        export WEIR_TEST_NATS
        "$WEIR_TEST_NATS" --version
        return
    fi
    unset WEIR_TEST_NATS
    echo "there is no nats-server, so tests that read one will say that they were skipped;"
    echo "install it, or name it in WEIR_TEST_NATS"
    [ "${CI:-}" != true ] || { echo "error: in CI that is a failure" >&2 && return 1; }
}

# unpack PACKAGE FOLDER: a package of the system's, without installing it.
unpack() {
    if [ "$(id -u)" -eq 0 ]; then
        apt-get update -qq
    fi
    (cd "$scratch" && apt-get download -qq "$1" && dpkg -x "$1"_*.deb "$2")
}

# Weir and DuckDB agree on every query of the benchmark, over a small world that is made for it.
benchmark_answers() {
    local data="$scratch/bench"
    WEIR_BIN="$CARGO_TARGET_DIR/debug/weir" WEIR_BENCH_PYTHON="$WEIR_TEST_PYTHON" WEIR_BENCH_DATA="$data" \
        scripts/bench.sh --smoke --scale 0.003 --draws 3
}

formatted() {
    cargo fmt --check && cargo fmt --check --manifest-path fuzz/Cargo.toml
}

console_stories() {
    (cd web && WEIR_BIN="$CARGO_TARGET_DIR/debug/weir" npm run --silent e2e)
}

test_data() {
    if [ -d "${WEIR_TEST_DATA:-}" ]; then
        echo "real data: $WEIR_TEST_DATA"
        return 0
    fi
    if [ -n "${WEIR_TEST_DATA:-}" ]; then
        echo "error: WEIR_TEST_DATA is no folder: $WEIR_TEST_DATA" >&2
        return 1
    fi
    echo "WEIR_TEST_DATA is not set: tests on real data sets (Online Retail, Complete Journey …) will say"
    echo "that they were skipped, because those data are not part of the repository. They are in:"
    git grep -l WEIR_TEST_DATA -- '*.rs' | sed 's/^/  /' || true
    if [ "${CI:-}" = true ]; then
        echo "error: in CI that is a failure" >&2
        return 1
    fi
}

all_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        tests "Tests" count_nextest cargo nextest run --workspace --no-fail-fast --color never
    else
        echo "cargo-nextest is not installed; cargo test does it too"
        tests "Tests" count_cargo_test cargo test --workspace --lib --bins --tests --no-fail-fast
    fi
    tests "Documentation examples" count_cargo_test cargo test --doc --workspace --no-fail-fast
}

chore "Rust components" rust_components
chore "Python environment" python_environment
chore "Client packages" client_packages
chore "Real data" test_data
chore "Browser" browser
chore "C++ compiler" cpp_compiler
chore "Queue server" queue_server
chore "Console packages" console_packages
chore "Console lint" npm --prefix web run --silent lint
chore "Console build" npm --prefix web run --silent build
tests "Console tests" count_vitest npm --prefix web run --silent test
chore "Format" formatted
chore "Clippy" cargo clippy --workspace --all-targets -- -D warnings
chore "Layers" cargo xtask layers
chore "Function lengths" cargo xtask functions
chore "Repository rules" cargo xtask tidy
chore "OpenAPI document" cargo xtask openapi --check
chore "Example data" python3 examples/gift-shop/generate.py --check
all_tests
chore "Fuzzing guided by coverage" scripts/fuzz.sh 15
chore "The binary" cargo build --package weir
chore "Benchmark answers" benchmark_answers
tests "Console stories" count_playwright console_stories

heading "Result"
for name in ${failures[@]+"${failures[@]}"}; do
    echo "failed: $name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
