#!/usr/bin/env bash
# msvc with many services on the testbed's simulated nodes: 100, then 200, then 500 (SIZES) services of 3 pods each are
# deployed, deployed again, and pruned down to one. Tells time and the most memory that msvc took. Needs the testbed
# (CONTEXT); the cluster's own controllers make some 20 pods a second, which is what the first deploy mostly waits for.
source "$(dirname "$0")/lib.sh"
need kubectl
need_msvc

context=${CONTEXT:?CONTEXT names a context of the kubeconfig}
namespace=bench-scale-$RANDOM
work=$(mktemp -d)
said=$work/said
simulated_nodes_live "$context"
trap 'kill "$alive"; kubectl --context "$context" delete namespace "$namespace-msvc" --wait=false >/dev/null 2>&1; rm -rf "$work"' EXIT
load='{ replicas: 3, resources: { requests: { ephemeral-storage: 0 } } }'

# Time, memory, and how long the applying took.
told() { awk '/^applied/ { applied += $5 } /^took/ { seconds = $2; memory = $4 } END { printf "%s s (applying: %s s), %d MB\n", seconds, applied, memory / 1024 }' "$said"; }
deploy() { seconds 0 /usr/bin/env time -f 'took %e with %M KB' "$msvc" -C "$work/$1" deploy -e msvc --images "$work/$1/images.json" --skip-preflight --timeout 15m -v >/dev/null && told; }

simulated_namespace "$context" "$namespace-msvc"
for size in ${SIZES:-100 200 500}; do
    many_services "$work/$size" "$size" "$context" "$namespace" "$load"
    first=$(deploy "$size")
    again=$(deploy "$size")
    echo "up to $size services: $first; the same again: $again"
done
many_services "$work/1" 1 "$context" "$namespace" "$load"
pruned=$(deploy 1)
echo "pruned to 1 service: $pruned"
