# shellcheck shell=bash
# What every script needs. Sourced, never run: `. scripts/env.sh`.
#
# Sets CARGO_TARGET_DIR outside the checkout, so that several checkouts share one build of DataFusion, and
# checks that the tools are there. Node is needed for the console only; see web/README.md.

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

heading() {
    printf '\n==> %s\n' "$*"
}
