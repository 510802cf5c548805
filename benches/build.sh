#!/usr/bin/env bash
# How long a generated service takes to build on this machine, as its developer sees it: from nothing, and after one
# changed line. There is no peer: axum, sqlx and tokio are most of it.
source "$(dirname "$0")/lib.sh"
need cargo
need_msvc

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$msvc" -q new orders --yes --no-git --into "$work" >/dev/null
cd "$work/orders"
export CARGO_TARGET_DIR=$work/target
${CARGO:-cargo} fetch --quiet --locked
build() { ${CARGO:-cargo} build --quiet --locked "$@"; }
seconds() { local from; from=$(date +%s.%N); "$@"; awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f\n", b - a }'; }

for profile in dev release; do
    echo "$profile, from nothing: $(seconds build --profile $profile) s"
    for i in $(seq "$rounds"); do
        printf '\n/// What changed.\npub const CHANGED_%s_%s: u32 = 1;\n' "${profile^^}" "$i" >>src/lib.rs
        seconds build --profile $profile >>"$work/$profile"
    done
    echo "$profile, after one changed line: $(median <"$work/$profile") s"
done
