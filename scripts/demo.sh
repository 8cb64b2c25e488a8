#!/usr/bin/env bash
# Builds Weir with its console on a fresh machine, loads the demo merchant, and serves it.
#
# The last lines name the address of the page. Arguments are passed on to `weir demo`, for example
# `--consumers 20000` or `--listen 127.0.0.1:8080`. WEIR_DATA names the data directory, by default ./weir-data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh

heading "Building the console"
console_packages
(cd web && npm run --silent build)

heading "Building weir (the first time takes some minutes: DataFusion is large)"
cargo build --package weir

heading "Loading the demo merchant"
exec "$CARGO_TARGET_DIR/debug/weir" demo "$@"
