#!/usr/bin/env bash
# One source line of a generated service changed -> its image again: `msvc build` with the service's own Dockerfile
# against the plain multi-stage Dockerfile that most projects have (COPY everything, cargo build), both built by the
# same engine through msvc, so that only the Dockerfile differs. Needs a Docker engine.
source "$(dirname "$0")/lib.sh"
need docker
need_msvc

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost
for name in with-caches plain; do "$msvc" -q new "$name" --yes --into "$work" >/dev/null; done
cat >"$work/plain/Dockerfile" <<'DOCKERFILE'
FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/release/plain /usr/local/bin/plain
ENTRYPOINT ["/usr/local/bin/plain"]
DOCKERFILE

# Changes one line, builds, and prints the seconds that took.
rebuild() {
    echo "// change $2" >>"$work/$1/src/lib.rs"
    local start=$EPOCHREALTIME
    "$msvc" -q -C "$work/$1" build >/dev/null
    awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", b - a }'
}

for name in with-caches plain; do echo "first build, $name: $(rebuild "$name" 0) s"; done
for round in $(seq "${ROUNDS:-3}"); do
    for name in with-caches plain; do rebuild "$name" "$round" >>"$work/$name.seconds"; done
done
mine=$(median <"$work/with-caches.seconds")
theirs=$(median <"$work/plain.seconds")
echo "one line changed, the service's own Dockerfile: $mine s"
echo "one line changed, plain multi-stage Dockerfile: $theirs s, $(ratio "$theirs" "$mine") times as long"
