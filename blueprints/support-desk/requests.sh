#!/usr/bin/env bash
# Asks the running system for all that README.md promises, as a new customer and as people who answer. Its entrance is
# expected at the address of `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}

# Sends a request; its answer's status and body are kept: send METHOD PATH [BODY [HEADER]]
send() {
    local more=() answer
    if [ $# -gt 2 ]; then more+=(--header 'content-type: application/json' --data "$3"); fi
    if [ $# -gt 3 ]; then more+=(--header "$4"); fi
    answer=$(curl --silent --show-error --max-time 10 --request "$1" --write-out '\n%{http_code}' "${more[@]}" "$at$2")
    body=${answer%$'\n'*}
    status=${answer##*$'\n'}
}

# The same, shown.
ask() {
    send "$@"
    printf '%s %s -> %s\n' "$1" "$2" "$status $body"
}

# Of several values of this name the first, of the last answer.
value() {
    grep -o "\"$1\":\"[^\"]*\"" <<<"$body" | head -1 | cut -d '"' -f 4
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

# A conversation: what follows is about the same, until something else is asked.
ask POST /conversations '{"customer": "Ada"}'
questions=/conversations/$(value id)/questions
ask POST "$questions" '{"text": "How do I return an item?"}'
ask POST "$questions" '{"text": "And what does it cost?"}'
key="idempotency-key: $RANDOM$RANDOM"
ask POST "$questions" '{"text": "My credit card was declined"}' "$key"
ask POST "$questions" '{"text": "My credit card was declined"}' "$key"

# What is not understood is asked back, and then passed on.
ask POST "$questions" '{"text": "Do zebras like jazz?"}'
ask POST "$questions" '{"text": "Zebras, I said!"}'
unknown=$(value id)

# One person takes it, and nobody else; the customer gets the answer.
until_told "$unknown" GET /tickets
ask POST /tickets/take '{"agent": "grace"}'
ask PUT "/tickets/$unknown/answer" '{"agent": "alan", "text": "Me too!"}'
ask PUT "/tickets/$unknown/answer" '{"agent": "grace", "text": "Only the striped kind."}'
ask POST /tickets/take '{"agent": "alan"}'
ask GET "/questions/$unknown"

# Feedback: an article that helped is found for questions like that.
ask POST "$questions" '{"text": "How do I unsubscribe from the newsletter leaflets?"}'
leaflets=$(value id)
ask POST /search '{"text": "leaflets"}'
ask PUT "/questions/$leaflets/feedback" '{"helpful": true}'
until_told 'Newsletter' POST /search '{"text": "leaflets"}'
ask POST /search '{"text": "leaflets"}'

# One that does not help goes to people.
ask POST "$questions" '{"text": "Do you ship abroad?"}'
abroad=$(value id)
ask PUT "/questions/$abroad/feedback" '{"helpful": false}'
until_told "$abroad" GET /tickets
ask POST /tickets/take '{"agent": "grace"}'
ask POST "/tickets/$abroad/release" '{"agent": "grace"}'
ask PUT "/questions/$abroad/feedback" '{"helpful": true}'

# What does not go.
ask POST "$questions" '{"text": ""}'
ask PUT "/questions/$unknown/feedback" '{"helpful": true}'
ask PUT /articles/1 '{"title": "Mine"}'
