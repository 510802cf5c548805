#!/usr/bin/env bash
# How long it takes from the apply until it is known that a rollout fails, and with what words: eight failures, each by
# `msvc deploy`, by `kubectl apply` and `kubectl rollout status` (progressDeadlineSeconds at its default), and by
# `helm upgrade --install --wait` of the same objects, where HELM is a helm of version 4. Each tool has a namespace of its
# own for each failure. Those of kubectl and Helm wait side by side, and are cut off after LIMIT seconds (330).
# Needs a cluster (CONTEXT), a registry with busybox (REGISTRY), and one that wants a login (PRIVATE).
source "$(dirname "$0")/lib.sh"
need kubectl
need_msvc

context=${CONTEXT:?CONTEXT names a context of the kubeconfig}
registry=${REGISTRY:?REGISTRY names a registry that holds library/busybox:stable}
private=${PRIVATE:-localhost:5001}
limit=${LIMIT:-330}
run=bench-rollout-$RANDOM
work=$(mktemp -d)
trap 'forget; rm -rf "$work"' EXIT

kubectl_() { kubectl --context "$context" "$@"; }
forget() { kubectl_ delete namespace -l "bench=$run" --wait=false >/dev/null 2>&1; }

zeros=$(printf '0%.0s' $(seq 64))
busybox=$registry/library/busybox:stable
declare -A image deploy
failures=()
failure() { # NAME IMAGE DEPLOY: what is below `deploy:` besides the number of pods
    failures+=("$1")
    image[$1]=$2
    deploy[$1]=$3
}
# NAME COMMAND: what the container runs.
runs() { echo "patches: [{ target: { kind: Deployment }, patch: { spec: { template: { spec: { containers: [{ name: $1, command: [sh, -c, '$2'] }] } } } } }]"; }
failure no-image "$registry/library/busybox@sha256:$zeros" ""
failure no-login "$private/library/busybox@sha256:$zeros" ""
failure no-secret "$busybox" "secrets: { API_KEY: { name: keys, key: api } }"
failure no-key "$busybox" "secrets: { API_KEY: { name: keys, key: api } }"
failure no-quota "$busybox" "$(runs no-quota "sleep 1000")"
failure crash "$busybox" "$(runs crash "echo the database said no; exit 7")"
failure memory "$busybox" "$(runs memory "tail /dev/zero")"
failure not-ready "$busybox" "$(runs not-ready "mkdir /tmp/w; touch /tmp/w/livez; exec busybox httpd -f -p 9090 -h /tmp/w")"

namespace_of() { # FAILURE TOOL
    local namespace=$run-$1-$2
    kubectl_ create namespace "$namespace" >/dev/null
    kubectl_ label namespace "$namespace" "bench=$run" >/dev/null
    case $1 in
        no-key) kubectl_ -n "$namespace" create secret generic keys --from-literal=other=1 >/dev/null ;;
        no-quota) kubectl_ -n "$namespace" create quota small --hard=pods=1 >/dev/null ;;
    esac
}

prepare() { # FAILURE
    mkdir -p "$work/$1"
    cat >"$work/$1/msvc.yaml" <<YAML
apiVersion: msvc/v1
kind: Service
name: $1
template: { name: rest }
deploy: { replicas: 2${deploy[$1]:+, ${deploy[$1]}} }
environments:
  msvc: { context: $context, namespace: $run-$1-msvc, registry: "$registry" }
  kubectl: { context: $context, namespace: $run-$1-kubectl, registry: "$registry" }
  helm: { context: $context, namespace: $run-$1-helm, registry: "$registry" }
YAML
    echo "{\"images\":[{\"service\":\"$1\",\"reference\":\"${image[$1]}\"}]}" >"$work/$1/images.json"
    # The server's own ten minutes, not the five that msvc writes.
    render "$1" -e kubectl | grep -v progressDeadlineSeconds >"$work/$1/objects.yaml"
    render "$1" -e helm --format helm --out "$work/$1/chart" >/dev/null
    find "$work/$1/chart" -type f -exec sed -i '/progressDeadlineSeconds/d' {} +
    for tool in msvc kubectl ${HELM:+helm}; do namespace_of "$1" "$tool"; done
}

render() { local name=$1; shift; "$msvc" -q -C "$work/$name" render --images "$work/$name/images.json" "$@"; }

timed() { # FAILURE TOOL COMMAND...
    local out=$work/$1/$2 begun=$EPOCHREALTIME code=0
    shift 2
    timeout "$limit" "$@" >"$out" 2>&1 || code=$?
    awk -v a="$begun" -v b="$EPOCHREALTIME" -v code="$code" 'BEGIN { printf "%.1f %s\n", b - a, code }' >"$out.time"
}

with_kubectl() {
    kubectl_ -n "$run-$1-kubectl" apply --server-side -f "$work/$1/objects.yaml" >/dev/null 2>&1
    timed "$1" kubectl kubectl --context "$context" -n "$run-$1-kubectl" rollout status "deployment/$1"
}

for name in "${failures[@]}"; do prepare "$name"; done
for name in "${failures[@]}"; do
    images=(--images "$work/$name/images.json")
    timed "$name" ahead "$msvc" -C "$work/$name" deploy -e msvc "${images[@]}" --dry-run
    timed "$name" msvc "$msvc" -C "$work/$name" deploy -e msvc "${images[@]}" --skip-preflight
done
for name in "${failures[@]}"; do
    with_kubectl "$name" &
    [ -z "${HELM:-}" ] || timed "$name" helm "$HELM" --kube-context "$context" -n "$run-$name-helm" \
        upgrade --install "$name" "$work/$name/chart" --wait &
done
wait

# What it said: the reason where there is one, else the last line.
words() { { grep -m 1 '^error:\|^Error:' "$1" || tail -n 1 "$1"; } | cut -c 1-220; }
for name in "${failures[@]}"; do
    for tool in ahead msvc kubectl ${HELM:+helm}; do
        read -r time code <"$work/$name/$tool.time"
        [ "$code" != 124 ] || time="none after $time"
        echo "$name $tool: $time s (exit code $code): $(words "$work/$name/$tool")"
    done
done
