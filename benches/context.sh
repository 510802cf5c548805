#!/usr/bin/env bash
# A context of 20,000 files and 1 GB, sent and copied into an image without a cache: time, and the peak memory of the client.
# The peer is `docker build` by the engine's classic builder, which is what a docker command without buildx has.
source "$(dirname "$0")/lib.sh"
need docker python3
need_msvc

work=$(mktemp -d)
name=bench$RANDOM
trap 'docker rmi -f $(docker images -q "$name*") >/dev/null 2>&1; rm -rf "$work"' EXIT
cd "$work"
mkdir -p project/files && cd project
python3 - <<'PYTHON'
import os
for number in range(20000):
    folder = f"files/{number // 200}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{number}.bin", "wb") as file:
        file.write(os.urandom(53_000))
PYTHON
printf 'FROM busybox:stable\nCOPY files /files\n' >Dockerfile
printf 'apiVersion: msvc/v1\nkind: Service\nname: %s\ntemplate: { name: rest }\n' "$name" >msvc.yaml

# Seconds and peak memory in MB.
measure() { python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time
since = time.time()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{time.time() - since:.1f} {peak:.0f}")
PYTHON
}
for _ in $(seq "$rounds"); do
    measure "$msvc" build --tag bench --no-cache >>"$work/mine"
    DOCKER_BUILDKIT=0 measure docker build --no-cache -t "$name-plain" . >>"$work/plain"
done
for side in mine plain; do
    echo "$side: $(cut -d' ' -f1 "$work/$side" | median) s, $(cut -d' ' -f2 "$work/$side" | median) MB at most"
done
