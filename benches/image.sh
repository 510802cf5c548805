#!/usr/bin/env bash
# From one changed source line to the image in the engine: the generated Dockerfile by `msvc build`, against the
# Dockerfile that one writes first: two stages, COPY all, cargo build; by `docker build`. Both have everything that a
# first build leaves behind. A plain round takes minutes: ROUNDS=1 is a start.
source "$(dirname "$0")/lib.sh"
need docker
need_msvc

work=$(mktemp -d)
name=bench$RANDOM
trap 'docker rmi -f $(docker images -q "$name") $(docker images -q "$name-plain") >/dev/null 2>&1; rm -rf "$work"' EXIT
"$msvc" -q new "$name" --yes --no-git --into "$work" >/dev/null
cd "$work/$name"
# The name alone: nothing is pushed.
sed -i '/registry:/d' msvc.yaml
cat >Dockerfile.plain <<DOCKERFILE
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin $name
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/release/$name /usr/local/bin/$name
ENTRYPOINT ["/usr/local/bin/$name"]
DOCKERFILE

changed=0
change() { changed=$((changed + 1)); printf '/// What changed.\npub const CHANGED: u32 = %s;\n' "$changed" >"$work/line"
    [ -f "$work/lib.rs" ] || cp src/lib.rs "$work/lib.rs"
    cat "$work/lib.rs" "$work/line" >src/lib.rs; }
seconds() { local from; from=$(date +%s.%N); "$@" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; fail "$*"; }
    awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f\n", b - a }'; }
mine() { "$msvc" build --tag bench; }
plain() { DOCKER_BUILDKIT=0 docker build -f Dockerfile.plain -t "$name-plain" .; }

first=$(seconds mine)
echo "first msvc build: $first s"
for _ in $(seq "$rounds"); do
    change
    seconds mine >>"$work/mine"
    change
    seconds plain >>"$work/plain"
done
mine=$(median <"$work/mine")
plain=$(median <"$work/plain")
echo "msvc build: $mine s"
echo "plain Dockerfile: $plain s, $(ratio "$plain" "$mine") times msvc build"
seconds mine >/dev/null
same=$(seconds mine)
echo "msvc build, nothing changed: $same s"
bytes=$(docker image inspect --format '{{.Size}}' "$name:bench")
echo "image: $((bytes / 1000000)) MB, as a registry sends it about $(($(docker save "$name:bench" | gzip -c | wc -c) / 1000000)) MB"
