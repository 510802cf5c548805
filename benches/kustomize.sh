#!/usr/bin/env bash
# Rendering SERVICES services (default 500) in one environment, against `kubectl kustomize` of an equal base and overlay,
# which msvc writes. kubectl takes minutes for 500.
source "$(dirname "$0")/lib.sh"
need kubectl
need_msvc

services=${SERVICES:-500}
work=$(mktemp -d)
said=$work/said
trap 'rm -rf "$work"' EXIT
many_services "$work/system" "$services" none bench "$load"
images=(--images "$work/system/images.json")
"$msvc" -C "$work/system" render "${images[@]}" --format kustomize --out "$work/k8s" >/dev/null 2>&1

for _ in $(seq "${ROUNDS:-1}"); do
    seconds 0 kubectl kustomize "$work/k8s/overlays/other" >>"$work/kubectl"
    theirs=$(grep -c '^kind:' "$said")
    for _ in 1 2 3; do seconds 0 "$msvc" -q -C "$work/system" render -e other "${images[@]}" >>"$work/msvc"; done
    mine=$(grep -c '^kind:' "$said")
    [ "$mine" = "$theirs" ] || fail "msvc renders $mine objects, kubectl $theirs"
done
own=$(median <"$work/msvc") other=$(median <"$work/kubectl")
echo "$mine objects of $services services: msvc $own s, kubectl kustomize $other s: $(ratio "$other" "$own") times"
