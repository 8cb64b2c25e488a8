#!/usr/bin/env bash
# A merchant in one command: builds Weir, loads the gift shop of examples/ and asks it a few questions.
#
# The data directory is $WEIR_DATA, else ./weir-data. Run it again as often as you like: what was imported
# once is recognised and adds nothing.
set -euo pipefail
case "${WEIR_DATA:-}" in
    "" | /*) ;;
    *) WEIR_DATA="$PWD/$WEIR_DATA" ;; # as seen from where the script was called
esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/env.sh

export WEIR_DATA="${WEIR_DATA:-$PWD/weir-data}"
shop=examples/gift-shop
as_of=2024-11-30

# Prints a command before it runs, the way one would type it.
weir() {
    printf '\n$ weir %s\n' "$*"
    "$CARGO_TARGET_DIR/debug/weir" "$@"
}

build() {
    heading "Building weir (the first time takes some minutes: DataFusion is large)"
    cargo build --package weir
}

load() {
    heading "Loading the gift shop into $WEIR_DATA"
    weir workspace set timezone=Asia/Shanghai currency=CNY
    weir import catalog "$shop/catalog.csv" --sql "$shop/catalog.sql"
    weir import events "$shop/orders.csv" --sql "$shop/orders.sql" --with "items=$shop/catalog.csv" --source orders
    weir import events "$shop/visits.jsonl" --sql "$shop/visits.sql" --source visits
    weir import tags "$shop/customers.csv" --sql "$shop/customers.sql"
    weir apply "$shop/weir"
}

ask() {
    heading "Who saw Double Eleven and bought nothing, as of $as_of?"
    echo '{"audience":"double_11_exposed_not_bought"}' | weir eval - --as-of "$as_of" --nodes
    heading "The shop's customers through the year, by a state model of its own"
    weir states --model gift_cycle --scope shop=flagship --at 2024-03-31,2024-06-30,2024-09-30,2024-12-31
    heading "What Double Eleven changed: strangers, potential, new and old customers before and after"
    weir flow --model pno --scope shop=flagship --from 2024-10-23 --to 2024-12-31
}

go_on() {
    heading "Now it is yours"
    cat <<END
  weir=$CARGO_TARGET_DIR/debug/weir
  export WEIR_DATA=$WEIR_DATA
  echo '{"did":{"behavior":["purchase"],"within":{"days":90}}}' | \$weir eval - --as-of 2024-12-31
  \$weir sql "SELECT channel, count(*) FROM events GROUP BY channel ORDER BY 2 DESC"
  \$weir serve          then open http://127.0.0.1:7717
END
}

build
load
ask
go_on
