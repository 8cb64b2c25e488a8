# shellcheck shell=bash
# What every script needs. Sourced, never run: `. scripts/env.sh`.
#
# Sets CARGO_TARGET_DIR outside the checkout, so that several checkouts share one build of DataFusion, and
# checks that the tools are there.

cache_dir="${XDG_CACHE_HOME:-$HOME/.cache}/weir"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache_dir/target}"

# rustup puts cargo where a shell that is not a login shell does not look.
if ! command -v cargo >/dev/null && [ -d "$HOME/.cargo/bin" ]; then
    export PATH="$HOME/.cargo/bin:$PATH"
fi

require() {
    local tool="$1" how="$2"
    if ! command -v "$tool" >/dev/null; then
        echo "error: $tool is not installed. $how" >&2
        exit 2
    fi
}

require cargo "Install Rust from https://rustup.rs, then open a new shell."
require cc "Install a C compiler: 'apt install build-essential', 'dnf install gcc' or 'xcode-select --install'."
require python3 "Install Python 3: 'apt install python3 python3-venv', 'dnf install python3' or from python.org."

require node "Install Node.js 20.19 or newer: from https://nodejs.org or your distribution."
require npm "It comes with Node.js: https://nodejs.org."

# The console's packages, as its lock file names them; nothing to do where that was done already.
console_packages() {
    local installed=web/node_modules/.package-lock.json
    if [ "$installed" -nt web/package-lock.json ]; then
        return 0
    fi
    (cd web && npm ci --no-audit --no-fund) && touch "$installed"
}

heading() {
    printf '\n==> %s\n' "$*"
}
