#!/usr/bin/env bash
# How long it takes to learn that a rollout fails, and with what words: `msvc deploy` against `kubectl rollout status`
# on the same Deployment. kubectl is given LIMIT seconds (default 60): by itself it waits for progressDeadlineSeconds.
# Needs a cluster (CONTEXT, a context of the kubeconfig) and a registry with busybox (REGISTRY).
source "$(dirname "$0")/lib.sh"
need kubectl
need_msvc

context=${CONTEXT:?CONTEXT names a context of the kubeconfig}
registry=${REGISTRY:?REGISTRY names a registry that holds library/busybox:stable}
limit=${LIMIT:-60}
namespace=bench-rollout-$RANDOM
work=$(mktemp -d)
trap 'rm -rf "$work"; kubectl --context "$context" delete namespace "$namespace" --wait=false >/dev/null 2>&1' EXIT

project() { # NAME: a service without data, so that only its rollout is measured
    mkdir -p "$work/$1"
    cat >"$work/$1/msvc.yaml" <<YAML
apiVersion: msvc/v1
kind: Service
name: $1
template: { name: rest }
deploy: { replicas: 2 }
environments: { bench: { context: $context, namespace: $namespace, registry: "$registry" } }
YAML
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

fails() { # NAME IMAGE: both look at the very same failing Deployment
    project "$1"
    local start=$EPOCHREALTIME mine theirs code=0
    "$msvc" -C "$work/$1" deploy --image "$2" >"$work/$1.msvc" 2>&1 && fail "$1 did not fail"
    mine=$(seconds_since "$start")
    kubectl --context "$context" -n "$namespace" rollout restart "deployment/$1" >/dev/null
    start=$EPOCHREALTIME
    timeout "$limit" kubectl --context "$context" -n "$namespace" rollout status "deployment/$1" >"$work/$1.kubectl" 2>&1 || code=$?
    theirs=$(seconds_since "$start")
    echo "$1: msvc $mine s: $(grep -m 1 'cause:' "$work/$1.msvc" || grep -m 1 'error:' "$work/$1.msvc")"
    if [ "$code" = 124 ]; then
        echo "$1: kubectl no verdict after $theirs s ($(ratio "$theirs" "$mine") times msvc, and still waiting): $(tail -n 1 "$work/$1.kubectl")"
    else
        echo "$1: kubectl $theirs s ($(ratio "$theirs" "$mine") times msvc): $(tail -n 1 "$work/$1.kubectl")"
    fi
}

fails missing-image "$registry/library/busybox@sha256:$(printf '0%.0s' $(seq 64))"
fails ends-at-once "$registry/library/busybox:stable"
