#!/usr/bin/env bash
# msvc with many services on the testbed's simulated nodes: 100, 200, ... SERVICES (default 500) services of 3 pods each
# are deployed, deployed again, and pruned down to one. Tells time and the most memory that msvc took. Needs the testbed
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
deploy() { seconds 0 /usr/bin/env time -f 'took %e with %M KB' "$msvc" -C "$work/$1" deploy -e msvc --images "$work/$1/images.json" --timeout 15m -v >/dev/null; told; }

simulated_namespace "$context" "$namespace-msvc"
sizes=(${SIZES:-100 200 ${SERVICES:-500}})
for size in "${sizes[@]}"; do
    many_services "$work/$size" "$size" "$context" "$namespace" "$load"
    echo "up to $size services: $(deploy "$size")"
    echo "$size services again: $(deploy "$size")"
done
many_services "$work/1" 1 "$context" "$namespace" "$load"
echo "pruned to 1 service: $(deploy 1)"
