#!/usr/bin/env bash
# Asks the running system for all that README.md promises, as a new user. Its entrance is expected at the address of
# `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}
# Sample products: a tent, a rain jacket, a headlamp.
products=0197a1b2-c3d4-7e5f-8a6b-0000000000
tent=${products}0d
jacket=${products}12
lamp=${products}10

# Sends a request; its answer's status and body are kept: send METHOD PATH [BODY]
send() {
    local more=() answer
    if [ $# -gt 2 ]; then more+=(--header 'content-type: application/json' --data "$3"); fi
    answer=$(curl --silent --show-error --max-time 10 --request "$1" --write-out '\n%{http_code}' "${more[@]}" "$at$2")
    body=${answer%$'\n'*}
    status=${answer##*$'\n'}
}

# The same, shown.
ask() {
    send "$@"
    printf '%s %s -> %s\n' "$1" "$2" "$status $body"
}

# Events take a moment: sends a request until its answer holds this text.
until_told() {
    local text=$1
    shift
    for _ in {1..100}; do
        send "$@"
        if grep -q "$text" <<<"$body"; then return; fi
        sleep 0.1
    done
}

# Somebody new, who likes gardens best: what is popular there.
ask POST /profiles '{"name": "Ada", "favourite": "garden"}'
user=$(grep -o '"id":"[^"]*"' <<<"$body" | cut -d '"' -f 4)
ask GET "/recommendations/$user"

# They look for a tent and look at it: what others like who like tents.
ask POST /search '{"text": "tents, hikers"}'
ask POST /views "{\"user\": \"$user\", \"product\": \"$tent\"}"
until_told alike GET "/recommendations/$user"
ask GET "/recommendations/$user"
ask GET "/alike/$tent"

# They buy what is recommended first: it is recommended no more, and its likes come up.
ask GET "/products/$jacket"
ask POST /orders "{\"user\": \"$user\", \"product\": \"$jacket\"}"
for _ in {1..100}; do
    send GET "/recommendations/$user"
    if ! grep -q "$jacket" <<<"$body"; then break; fi
    sleep 0.1
done
ask GET "/recommendations/$user"

# What does not go.
ask POST /orders "{\"user\": \"$lamp\", \"product\": \"$user\"}"
ask POST /views '{"user": "Ada"}'
ask PUT "/products/$tent" '{"name": "Mine"}'
ask POST /search '{"text": "?"}'
