#!/usr/bin/env bash
# SERVICES services (default 100, about 700 objects) deployed, deployed again and compared, by msvc and by kubectl, each
# in a namespace of its own, in turns. msvc also waits for the rollouts and judges them, kubectl does not: the time until
# all is applied is told beside it. Needs the testbed with its simulated nodes (CONTEXT).
source "$(dirname "$0")/lib.sh"
need kubectl
need_msvc

context=${CONTEXT:?CONTEXT names a context of the kubeconfig}
services=${SERVICES:-100}
work=$(mktemp -d)
said=$work/said
simulated_nodes_live "$context"
trap 'kill "$alive"; forget; rm -rf "$work"' EXIT

forget() {
    kubectl --context "$context" delete namespace "$namespace-msvc" "$namespace-other" --ignore-not-found "$@" >/dev/null 2>&1
}

msvc() { "$msvc" -C "$work/system" "$@"; }
kubectl_() { kubectl --context "$context" "$@"; }

# The time that the deploy itself tells.
applied() { sed -n 's/^applied [0-9]* objects in \([0-9.]*\) s$/\1/p' "$said" | awk '{ sum += $1 } END { print sum }'; }

for round in $(seq "${ROUNDS:-3}"); do
    namespace=bench-apply-$RANDOM
    many_services "$work/system" "$services" "$context" "$namespace" "$load"
    simulated_namespace "$context" "$namespace-msvc"
    simulated_namespace "$context" "$namespace-other"
    "$msvc" -C "$work/system" render -e other --images "$work/system/images.json" >"$work/objects.yaml" 2>/dev/null
    [ "$round" -gt 1 ] || echo "$(grep -c '^kind:' "$work/objects.yaml") objects"

    seconds 0 msvc deploy -e msvc --images "$work/system/images.json" --skip-preflight -v >>"$work/msvc-cold"
    applied >>"$work/msvc-applied"
    seconds 0 kubectl_ apply --server-side -f "$work/objects.yaml" >>"$work/kubectl-cold"
    kubectl_ -n "$namespace-other" wait --for=condition=Available deployment --all --timeout=300s >/dev/null
    seconds 0 msvc deploy -e msvc --images "$work/system/images.json" >>"$work/msvc-again"
    seconds 0 kubectl_ apply --server-side -f "$work/objects.yaml" >>"$work/kubectl-again"
    seconds "0 3" msvc diff -e msvc --images "$work/system/images.json" >>"$work/msvc-diff"
    seconds "0 1" kubectl_ diff --server-side -f "$work/objects.yaml" >>"$work/kubectl-diff"
    forget
done

compare() { # WHAT MINE THEIRS
    local mine theirs
    mine=$(median <"$work/$2") theirs=$(median <"$work/$3")
    echo "$1: msvc $mine s, kubectl $theirs s: $(ratio "$theirs" "$mine") times"
}
compare "applied for the first time" msvc-applied kubectl-cold
compare "the same, with msvc's verdict on every rollout" msvc-cold kubectl-cold
compare "again, nothing to do" msvc-again kubectl-again
compare "diff, no differences" msvc-diff kubectl-diff
