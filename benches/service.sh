#!/usr/bin/env bash
# Requests per second of `GET /orders/{id}`, and resident memory at rest, of a generated service as it comes out of
# `msvc new`, against benches/bare-axum: the same query on the same database, and nothing else.
source "$(dirname "$0")/lib.sh"
need wrk curl cargo
need_msvc

seconds=${SECONDS_PER_ROUND:-2}
connections=${CONNECTIONS:-32}
port=${PORT:-18080}
work=$(mktemp -d)
target=${CARGO_TARGET_DIR:-$work/target}
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

"$msvc" -q new orders --yes --no-git --into "$work" >/dev/null
CARGO_TARGET_DIR=$target ${CARGO:-cargo} build --quiet --release --locked --manifest-path "$work/orders/Cargo.toml"
CARGO_TARGET_DIR=$target ${CARGO:-cargo} build --quiet --release --locked --manifest-path "$root/benches/bare-axum/Cargo.toml"

# Starts COMMAND, which listens on PORT, and waits until it does.
start() {
    local port=$1
    shift
    env "$@" >/dev/null 2>&1 &
    pids+=($!)
    for _ in $(seq 200); do
        if curl -s -o /dev/null "http://127.0.0.1:$port/"; then return; fi
        sleep 0.05
    done
    fail "$* does not listen on $port"
}

resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

service=(PORT="$port" MANAGEMENT_PORT=$((port + 1)) "DATABASE_URL=sqlite://$work/orders.db" "$target/release/orders")
start "$port" "${service[@]}"
for i in $(seq 100); do
    order="{\"customer\":\"customer $i\",\"item\":\"lamp\",\"quantity\":$i,\"total\":\"12.50\"}"
    id=$(curl -sf -H 'content-type: application/json' -d "$order" "http://127.0.0.1:$port/orders" |
        sed 's/.*"id":"\([^"]*\)".*/\1/')
done
kill "${pids[0]}"
wait "${pids[0]}" || true
pids=()

# From its start to `/readyz`, each time with a new database, so that all migrations run.
for i in $(seq "$rounds"); do
    from=$(date +%s%N)
    env PORT="$port" MANAGEMENT_PORT=$((port + 1)) "DATABASE_URL=sqlite://$work/new-$i.db" "$target/release/orders" >/dev/null 2>&1 &
    pids=($!)
    until curl -sf -o /dev/null "http://127.0.0.1:$((port + 1))/readyz"; do :; done
    awk -v a="$from" -v b="$(date +%s%N)" 'BEGIN { printf "%.0f\n", (b - a) / 1e6 }' >>"$work/ready"
    kill "${pids[0]}"
    wait "${pids[0]}" || true
    pids=()
done

start "$port" "${service[@]}"
start $((port + 2)) PORT=$((port + 2)) "DATABASE=$work/orders.db" "$target/release/bare-axum"
sleep 2
memory=$(resident "${pids[0]}")
bare_memory=$(resident "${pids[1]}")

load() { wrk -t1 -c"$connections" -d"$2s" "http://127.0.0.1:$1/orders/$id" | tee -a "$work/log" | awk '/^Requests\/sec/ { print $2 }'; }
load "$port" 2 >/dev/null
load $((port + 2)) 2 >/dev/null
# Many short ones: how well threads and connections fall into step is another thing each time.
for _ in $(seq $((5 * rounds))); do
    load "$port" "$seconds" >>"$work/generated"
    load $((port + 2)) "$seconds" >>"$work/bare"
done
if grep -q 'Non-2xx' "$work/log"; then fail "not every request was answered with 200"; fi
generated=$(median <"$work/generated")
bare=$(median <"$work/bare")
echo "start to ready: $(median <"$work/ready") ms"
echo "generated service: $generated requests/s, $memory MiB resident at rest"
echo "bare axum: $bare requests/s, $bare_memory MiB resident at rest"
echo "ratio: $(ratio "$generated" "$bare") of its requests/s"
