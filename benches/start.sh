#!/usr/bin/env bash
# How long `msvc --version` takes, against kubectl and docker.
source "$(dirname "$0")/lib.sh"
need hyperfine
need_msvc

names=(msvc)
commands=("$msvc --version")
if command -v kubectl >/dev/null; then names+=(kubectl); commands+=("kubectl version --client"); fi
if command -v docker >/dev/null; then names+=(docker); commands+=("docker --version"); fi

results=$(mktemp -d)
trap 'rm -r "$results"' EXIT
for _ in $(seq "$rounds"); do
    for i in "${!names[@]}"; do milliseconds 40 - "${commands[i]}" >>"$results/${names[i]}"; done
done
own=$(median <"$results/msvc")
for i in "${!names[@]}"; do
    time=$(median <"$results/${names[i]}")
    echo "${commands[i]##*/}: $time ms, $(ratio "$time" "$own") times msvc"
done
