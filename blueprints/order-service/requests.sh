#!/usr/bin/env bash
# Asks the running system for all that README.md promises, and leaves sample data behind. Its entrance is expected at
# the address of `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8000}

# Shows a request with the status and body of its answer: ask METHOD PATH [BODY]
ask() {
    local body=() answer
    if [ $# -gt 2 ]; then body=(--header 'content-type: application/json' --data "$3"); fi
    answer=$(curl --silent --show-error --max-time 10 --request "$1" --write-out '\n%{http_code}' "${body[@]}" "$at$2")
    printf '%s %s -> %s\n' "$1" "$2" "${answer##*$'\n'} ${answer%$'\n'*}"
}

ask POST /api/orders/ '{"user": "ada", "amount": "19.90", "product": "lamp", "quantity": 2}'
ask POST /api/orders '{"user": "grace", "amount": "4.50", "status": "paid"}'
ask POST /api/orders/ '{"user": "", "amount": "a lot", "status": "lost", "quantity": 0}'
ask GET /api/orders/
ask GET '/api/orders?status=paid'
ask GET /api/orders/1
ask PUT /api/orders/1 '{"user": "ada", "amount": "9.95", "status": "shipped", "product": "lamp", "quantity": 1}'
ask GET /api/orders/4711
ask POST /api/orders/ '{"user": "mary", "amount": "1.00"}'
ask DELETE /api/orders/3
