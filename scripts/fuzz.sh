#!/usr/bin/env bash
# Fuzzing of what strangers send, guided by coverage, on the stable toolchain.
#
#   scripts/fuzz.sh [SECONDS] [TARGET…]     SECONDS for each target, 20 unless told; all targets unless named
#
# What covered something new is kept in the cache folder, so that the next run begins where this one ended. An input that
# breaks something is kept in fuzz/artifacts; put it into the corpus of its crate, where the tests try it every time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh
require c++ "The fuzzer is written in C++: 'apt install g++', 'dnf install gcc-c++' or 'xcode-select --install'."

seconds="${1:-20}"
shift || true
targets=("${@:-}")
if [ -z "${targets[0]}" ]; then
    targets=(segment native compression expression)
fi
export PATH="$cache_dir/tools/bin:$PATH"
command -v cargo-fuzz >/dev/null || cargo install --quiet --locked --root "$cache_dir/tools" cargo-fuzz

# Expressions lie a line each in one file; the fuzzer begins with files.
expressions="$cache_dir/fuzz/expression-seeds"
mkdir -p "$expressions"
split -l 1 -a 4 crates/weir-core/corpus/expressions.jsonl "$expressions/"

export CARGO_TARGET_DIR="$cache_dir/fuzz/target"
cargo fuzz build --sanitizer none
for target in "${targets[@]}"; do
    seeds=crates/weir-ingest/corpus
    [ "$target" != expression ] || seeds="$expressions"
    found="$cache_dir/fuzz/corpus/$target"
    mkdir -p "$found"
    heading "Fuzzing $target, $seconds s"
    cargo fuzz run --sanitizer none "$target" "$found" "$seeds" -- \
        -max_total_time="$seconds" -max_len=16384 -timeout=10 -verbosity=0 -print_funcs=0 -print_final_stats=1 2>&1 |
        sed '/# Uses: /d; /recommended dictionary/d; /^$/d'
done
