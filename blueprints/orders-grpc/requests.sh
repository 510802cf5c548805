#!/usr/bin/env bash
# Asks the running system for all that README.md promises, and leaves sample data behind. Its entrance is expected at
# the address of `msvc up`, or at the one that is given: ./requests.sh http://localhost:8080
set -euo pipefail
at=${1:-http://127.0.0.1:8080}

# Shows a call with the status and body of its answer: call PATH MESSAGE
call() {
    local answer
    answer=$(curl --silent --show-error --max-time 10 --header 'content-type: application/json' \
        --write-out '\n%{http_code}' --data "$2" "$at$1")
    printf 'POST %s -> %s\n' "$1" "${answer##*$'\n'} ${answer%$'\n'*}"
}

call /place_order '{"customer_id": "ada", "product_id": "lamp", "quantity": 2}'
call /place_order '{"customer_id": "grace", "product_id": "desk", "quantity": 1}'
call /place_order '{"customer_id": "ada", "quantity": 0}'
call /place_order '{"customer": "ada"}'
call /orders/ListOrders '{"page_size": 5}'
call /orders/GetOrder '{"id": 2}'
call /orders/GetOrder '{"id": 4711}'
