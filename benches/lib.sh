# Shared by the benchmarks: medians, and measuring in turns so that what the machine does meanwhile hits all alike.
set -Eeuo pipefail
trap 'echo "error: ${BASH_SOURCE[0]}, line $LINENO: $BASH_COMMAND" >&2' ERR

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=${ROUNDS:-5}
msvc=${MSVC:-${CARGO_TARGET_DIR:-$root/target}/release/msvc}

fail() { echo "error: $*" >&2; exit 1; }

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is needed; docs/benchmarks.md says from where"
    done
}

need_msvc() { [ -x "$msvc" ] || fail "no $msvc; cargo build --release makes it"; }

# Median of the numbers on standard input, one per line.
median() { sort -g | awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); print (NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2) }'; }

# NUMBER a / NUMBER b, with two decimals.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# Wall time of a command in milliseconds: the median of RUNS runs, after PREPARE (`-` for nothing).
milliseconds() {
    local runs=$1 prepare=$2 command=$3 csv
    csv=$(mktemp)
    local options=(-N --warmup 3 --runs "$runs" --style none --export-csv "$csv")
    [ "$prepare" = - ] || options+=(--prepare "$prepare")
    hyperfine "${options[@]}" "$command" >/dev/null
    # Columns: command, mean, stddev, median, ...
    tail -n 1 "$csv" | awk -F, '{ printf "%.3f\n", $(NF - 4) * 1000 }'
    rm "$csv"
}

# What each of many services says below `deploy:`; simulated nodes have no storage.
load='{ autoscale: { min: 2, max: 10, cpu: 70 }, resources: { requests: { ephemeral-storage: 0 } } }'

# A system of COUNT services in DIR, in environments `msvc` and `other` that are the namespaces NAMESPACE-msvc and
# NAMESPACE-other of CONTEXT. DEPLOY is what each service
# says below `deploy:`.
many_services() { # DIR COUNT CONTEXT NAMESPACE DEPLOY
    local dir=$1 count=$2 context=$3 namespace=$4 deploy=$5 name
    mkdir -p "$dir"
    cat >"$dir/msvc.yaml" <<YAML
apiVersion: msvc/v1
kind: System
name: many
services: [services/*]
environments:
  msvc: { context: $context, namespace: $namespace-msvc, registry: "localhost:5000" }
  other: { context: $context, namespace: $namespace-other, registry: "localhost:5000" }
YAML
    for i in $(seq "$count"); do
        name=s$(printf %04d "$i")
        mkdir -p "$dir/services/$name"
        cat >"$dir/services/$name/msvc.yaml" <<YAML
apiVersion: msvc/v1
kind: Service
name: $name
template: { name: rest }
deploy: $deploy
YAML
        echo "$name"
    done | awk -v image="${IMAGE:-localhost:5000/library/busybox@sha256:$(printf '0%.0s' {1..64})}" '
        { list = list (NR > 1 ? "," : "") sprintf("{\"service\":\"%s\",\"reference\":\"%s\"}", $1, image) }
        END { print "{\"images\":[" list "]}" }' >"$dir/images.json"
}

# A namespace whose pods go to the testbed's simulated nodes: they turn ready at once and run nothing.
simulated_namespace() { # CONTEXT NAME
    kubectl --context "$1" create namespace "$2" >/dev/null
    kubectl --context "$1" annotate namespace "$2" >/dev/null \
        scheduler.alpha.kubernetes.io/node-selector=simulated=true \
        'scheduler.alpha.kubernetes.io/defaultTolerations=[{"key":"simulated","operator":"Exists"}]'
}

# Says for the simulated nodes that they are alive, until this shell ends: by itself kwok does so less often than the
# cluster wants it, and pods of silent nodes are not ready.
simulated_nodes_live() { # CONTEXT
    renew_leases "$1"
    while sleep 10; do renew_leases "$1"; done &
    alive=$!
}

renew_leases() { # CONTEXT
    local node
    for node in $(kubectl --context "$1" get nodes -l simulated=true -o name); do
        node=${node#node/}
        printf -- '---\napiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: %s, namespace: kube-node-lease }\nspec: { holderIdentity: %s, leaseDurationSeconds: 40, renewTime: "%s" }\n' \
            "$node" "$node" "$(date -u +%FT%T.%6NZ)"
    done | kubectl --context "$1" apply --server-side --force-conflicts -f - >/dev/null 2>&1 || true
}

# Wall time of a command in seconds; what it says is in $said. Fails when it ends with another code than one of CODES.
seconds() { # CODES COMMAND...
    local codes=$1 begun=$EPOCHREALTIME code=0
    shift
    "$@" >"$said" 2>&1 || code=$?
    [[ " $codes " == *" $code "* ]] || { tail -n 20 "$said" >&2; fail "$1 ended with $code"; }
    awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", b - a }'
}
