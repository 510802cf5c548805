#!/usr/bin/env bash
# From one changed source line to the image in the registry, in turns:
#   docker   `msvc build --push` by the generated Dockerfile, whose target folder is a cache mount
#   native   `msvc build --push --builder native`
#   plain    the Dockerfile that one writes first: COPY all, cargo build, onto Debian; by `docker build` and `docker push`
#   buildah  `buildah build` and `buildah push` of the generated Dockerfile, cache mounts and all (left out without buildah)
# All have everything that a first build leaves behind. Then the sizes of what they made: unpacked, and as a registry sends it.
# A plain round takes minutes: ROUNDS=1 is a start. WAYS names some of the four only. REGISTRY: one that needs no TLS and has
# distroless/cc-debian12:nonroot (localhost:5000).
source "$(dirname "$0")/lib.sh"
need docker curl python3
need_msvc
registry=${REGISTRY:-localhost:5000}
ways=${WAYS:-docker native plain buildah}
command -v buildah >/dev/null || ways=${ways/buildah/}

work=$(mktemp -d)
name=bench$RANDOM
storage=(--root "$work/buildah" --runroot "$work/buildah.run" --storage-driver overlay)
tidy() {
    docker rmi -f $(docker images -q "$registry/$name") $(docker images -q "$registry/$name-plain") >/dev/null 2>&1 || true
    if [[ $ways == *buildah* ]]; then
        buildah "${storage[@]}" rmi --all --force >/dev/null 2>&1 || true
        umount "$work/buildah/overlay" 2>/dev/null || true
    fi
    rm -rf "$work" /var/tmp/buildah-cache*/"$name"*
}
trap tidy EXIT
"$msvc" -q new "$name" --yes --no-git --into "$work" --set "registry=$registry" >/dev/null
cd "$work/$name"
export CARGO_TARGET_DIR=${BENCH_TARGET_DIR:-$work/target}
sed -i "/^deploy:/i image: { base: '$registry/distroless/cc-debian12:nonroot' }" msvc.yaml
cat >Dockerfile.plain <<DOCKERFILE
FROM rust:1.95-slim-bookworm
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin $name
FROM debian:bookworm-slim
COPY --from=0 /build/target/release/$name /usr/local/bin/$name
ENTRYPOINT ["/usr/local/bin/$name"]
DOCKERFILE

changed=0
change() { changed=$((changed + 1)); printf '/// What changed.\npub const CHANGED: u32 = %s;\n' "$changed" >"$work/line"
    [ -f "$work/lib.rs" ] || cp src/lib.rs "$work/lib.rs"
    cat "$work/lib.rs" "$work/line" >src/lib.rs; }
seconds() { local from; from=$(date +%s.%N); "$@" >/dev/null 2>"$work/log" || { tail -n 20 "$work/log" >&2; fail "$*"; }
    awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f\n", b - a }'; }
by_docker() { "$msvc" build --push --tag docker; }
by_native() { "$msvc" build --push --tag native --builder native; }
by_plain() {
    DOCKER_BUILDKIT=0 docker build -f Dockerfile.plain -t "$registry/$name-plain:plain" . &&
        docker push "$registry/$name-plain:plain"
}
by_buildah() {
    buildah "${storage[@]}" build --layers --isolation chroot --pull-never -t "$registry/$name:buildah" . &&
        buildah "${storage[@]}" push --tls-verify=false "$registry/$name:buildah"
}
if [[ $ways == *buildah* ]]; then
    # The same bases as the engine's.
    for base in rust:1.95-slim-bookworm gcr.io/distroless/cc-debian12:nonroot; do
        buildah "${storage[@]}" pull -q "docker-daemon:$base" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "buildah pull $base"; }
    done
fi

# Not plain: it begins from nothing each time.
for way in ${ways/plain/}; do echo "first build, $way: $(seconds "by_$way") s"; done
for _ in $(seq "$rounds"); do
    for way in $ways; do
        change
        seconds "by_$way" >>"$work/$way.seconds"
    done
done
for way in $ways; do
    took=$(median <"$work/$way.seconds")
    times=
    [ "$way" = docker ] || [ ! -f "$work/docker.seconds" ] || times=", $(ratio "$took" "$(median <"$work/docker.seconds")") times docker"
    echo "one line changed, $way: $took s$times"
done
for way in $ways; do echo "nothing changed, $way: $(seconds "by_$way") s"; done

# What a registry sends: the layers of the manifest, compressed.
sent() { curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' "http://$registry/v2/$1/manifests/$2" |
    python3 -c 'import json, sys; print(sum(layer["size"] for layer in json.load(sys.stdin)["layers"]))'; }
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1e6 }'; }
for way in $ways; do
    repository=$name
    [ "$way" = plain ] && repository=$name-plain
    docker pull -q "$registry/$repository:$way" >/dev/null
    unpacked=$(docker image inspect --format '{{.Size}}' "$registry/$repository:$way")
    echo "image, $way: $(megabytes "$unpacked") MB, as a registry sends it $(megabytes "$(sent "$repository" "$way")") MB"
done
