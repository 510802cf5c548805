#!/usr/bin/env bash
# Asks the running system for all that README.md promises, with a new card. Its entrance is expected at the address of
# `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}
card=card-$RANDOM$RANDOM
movements=0

# Shows a request with the status and body of its answer, which is kept: ask METHOD PATH [BODY [HEADER]]
ask() {
    local more=() answer
    if [ $# -gt 2 ]; then more+=(--header 'content-type: application/json' --data "$3"); fi
    if [ $# -gt 3 ]; then more+=(--header "$4"); fi
    answer=$(curl --silent --show-error --max-time 60 --request "$1" --write-out '\n%{http_code}' "${more[@]}" "$at$2")
    body=${answer%$'\n'*}
    printf '%s %s -> %s\n' "$1" "$2" "${answer##*$'\n'} $body"
}

# Events take a moment: asks in silence until something was told so often. until_told PATH WHAT TIMES
until_told() {
    for _ in {1..600}; do
        if [ "$(curl --silent --max-time 10 "$at$1" | grep --only-matching -- "$2" | wc --lines)" -ge "$3" ]; then
            return
        fi
        sleep 0.1
    done
    echo "$2 was not told $3 times at $1" >&2
    exit 1
}

# A payment at a minute of one morning, and the wait until it is a part of the card's past: pay MINUTE AMOUNT COUNTRY
pay() {
    ask POST /transactions \
        "{\"card\": \"$card\", \"amount\": \"$2\", \"country\": \"$3\", \"at\": \"2024-05-14T10:$1:00Z\"}" \
        "idempotency-key: $card-$1"
    movements=$((movements + 1))
    until_told "/cards/$card/movements" transaction_id "$movements"
}

# Rules alone judge as long as there is no model. Who heard nothing of a payment sends it again.
ask GET /models
ask GET /rules
pay 00 25.00 DE
movements=0
pay 00 25.00 DE

# Somebody tries the card: five within an hour.
pay 10 1.00 DE
pay 11 1.10 DE
pay 12 1.20 DE
pay 13 1.30 DE
until_told "/cases?card=$card" '"status":"open"' 1
ask GET "/cases?card=$card"
case=$(sed -E 's/^\[\{"id":"([^"]*)".*/\1/' <<<"$body")
ask POST "/cases/$case/finding" '{"fraud": true, "note": "The owner knows nothing of it."}'
ask POST "/cases/$case/finding" '{"fraud": false}'

# A model is trained, and taken over. Another one that is no better is not.
ask POST /trainings
until_told /models '"id":1' 1
ask GET /models
ask POST /trainings
until_told /models '"id":2' 1
ask GET /models

# The same card, far away; and what does not go.
pay 45 900.00 SG
until_told "/cases?card=$card" '"status":"open"' 1
ask GET "/cases?card=$card&status=open"
ask POST /transactions '{"card": "", "amount": "0.00", "country": "Germany"}'
ask PUT /rules '{"review_at": 1, "decline_at": 1, "rules": []}'
