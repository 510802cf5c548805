#!/usr/bin/env bash
# Measures how well frauds are found, on payments that training never sees: has the running system fit a model, and asks
# it. Its entrance is expected at the address of `msvc up`, or at the one that is given. README.md says what comes out.
set -euo pipefail
at=${1:-http://127.0.0.1:8080}
curl --silent --show-error --fail --request POST "$at/trainings" >/dev/null
# The event that tells of the model takes a moment.
for _ in {1..600}; do
    models=$(curl --silent --show-error --fail "$at/models")
    if ! grep --quiet '"model":null' <<<"$models"; then break; fi
    sleep 0.1
done
printf 'area under the ROC curve, on payments that were held out:\n'
grep --only-matching '"quality":{[^}]*}' <<<"$models" | tr -d '{}"' | sed 's/^quality://' | tr ',' '\n' | sed 's/^/  /; s/:/ /'
