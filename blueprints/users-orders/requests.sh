#!/usr/bin/env bash
# Asks the running system for all that README.md promises, and leaves sample data behind. Its entrance is expected at
# the address of `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}

# Shows a request with the status and body of its answer: ask METHOD PATH [BODY]
ask() {
    local body=() answer
    if [ $# -gt 2 ]; then body=(--header 'content-type: application/json' --data "$3"); fi
    answer=$(curl --silent --show-error --max-time 10 --request "$1" --write-out '\n%{http_code}' "${body[@]}" "$at$2")
    printf '%s %s -> %s\n' "$1" "$2" "${answer##*$'\n'} ${answer%$'\n'*}"
}

ask POST /users '{"name": "Ada", "email": "ada@example.org"}'
ask POST /users '{"name": "Grace", "email": "grace@example.org"}'
ask POST /users '{"name": "Somebody", "email": "ada@example.org"}'
ask POST /users '{"email": "nobody"}'
ask GET /users
ask GET /users/1
ask PUT /users/1 '{"name": "Ada Lovelace", "email": "ada@example.org"}'
ask GET /users/4711

ask POST /orders '{"user_id": 1, "product": "lamp", "quantity": 2}'
ask POST /orders '{"user_id": 1, "product": "desk"}'
ask POST /orders '{"user_id": 2, "product": "chair", "status": "paid"}'
ask POST /orders '{"user_id": 0, "product": ""}'
ask GET /orders
ask GET '/orders?user_id=1'
ask GET /orders/2
ask PUT /orders/2 '{"user_id": 1, "product": "desk", "status": "shipped"}'
ask GET /orders/4711

ask POST /users '{"name": "Mary", "email": "mary@example.org"}'
ask DELETE /users/3
ask POST /orders '{"user_id": 2, "product": "rug"}'
ask DELETE /orders/4
