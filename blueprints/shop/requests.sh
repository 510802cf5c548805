#!/usr/bin/env bash
# Asks the running system for all that README.md promises, as a new customer. Its entrance is expected at the address
# of `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}
lamp=0197a1b2-c3d4-7e5f-8a6b-000000000001
chair=0197a1b2-c3d4-7e5f-8a6b-000000000002
table=0197a1b2-c3d4-7e5f-8a6b-000000000003
token=

# Shows a request with the status and body of its answer, which is kept: ask METHOD PATH [BODY [HEADER]]
ask() {
    local more=() answer
    if [ -n "$token" ]; then more+=(--header "authorization: Bearer $token"); fi
    if [ $# -gt 2 ]; then more+=(--header 'content-type: application/json' --data "$3"); fi
    if [ $# -gt 3 ]; then more+=(--header "$4"); fi
    answer=$(curl --silent --show-error --max-time 10 --request "$1" --write-out '\n%{http_code}' "${more[@]}" "$at$2")
    body=${answer%$'\n'*}
    printf '%s %s -> %s\n' "$1" "$2" "${answer##*$'\n'} $body"
}

# Who are you, and what is there?
email=ada-$RANDOM$RANDOM@example.org
ask POST /register "{\"email\": \"$email\", \"password\": \"correct horse\"}"
ask POST /login "{\"email\": \"$email\", \"password\": \"battery staple\"}"
ask POST /login "{\"email\": \"$email\", \"password\": \"correct horse\"}"
access_token=$(sed -E 's/.*"access_token":"([^"]*)".*/\1/' <<<"$body")
ask GET /products
ask GET "/products/$lamp/availability"
ask PUT "/products/$lamp" '{"name": "Desk lamp", "price": "0.01"}'
ask POST /place_order "{\"product\": \"$lamp\", \"quantity\": 1}"

# An order, sent twice by somebody who heard nothing.
token=$access_token
key="idempotency-key: $email"
ask POST /place_order "{\"product\": \"$lamp\", \"quantity\": 2}" "$key"
ask POST /place_order "{\"product\": \"$lamp\", \"quantity\": 2}" "$key"
order=$(sed -E 's/.*"id":"([^"]*)".*/\1/' <<<"$body")
ask GET "/orders/$order"

# More than there is, more than 500.00 can pay for, and what does not go.
ask POST /place_order "{\"product\": \"$table\", \"quantity\": 1000}"
ask POST /place_order "{\"product\": \"$chair\", \"quantity\": 3}"
ask POST /place_order "{\"product\": \"$lamp\", \"quantity\": 0, \"total\": \"0.01\"}"
ask POST /place_order "{\"product\": \"$order\", \"quantity\": 1}"
ask GET /orders
ask GET "/products/$chair/availability"
