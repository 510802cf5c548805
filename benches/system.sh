#!/usr/bin/env bash
# A system of seven services (the blueprint `shop`) of which nothing changed: how long until `msvc build --push` knows that all
# images are there, by each builder, and how long cargo alone takes to say so. The first build compiles all of it, which takes
# many minutes: BENCH_TARGET_DIR keeps the target folder. BUILDERS names one builder only. REGISTRY: a registry that has
# distroless/cc-debian12:nonroot (localhost:5000).
source "$(dirname "$0")/lib.sh"
need_msvc
registry=${REGISTRY:-localhost:5000}
builders=${BUILDERS:-native docker}

work=$(mktemp -d)
name=bench$RANDOM
images() { docker images --format '{{.Repository}}:{{.Tag}}' "$registry/$name/*"; }
tidy() { images | xargs -r docker rmi -f >/dev/null 2>&1 || true; rm -rf "$work"; }
trap tidy EXIT
"$msvc" -q new "$name" --blueprint shop --yes --into "$work" --set "registry=$registry/$name" >/dev/null
cd "$work/$name"
export CARGO_TARGET_DIR=${BENCH_TARGET_DIR:-$work/target}
for declared in services/*/msvc.yaml; do
    sed -i "/^deploy:/i image: { base: '$registry/distroless/cc-debian12:nonroot' }" "$declared"
done
git -c user.name=bench -c user.email=bench@localhost commit -qam 'The base that is here'
services=$(ls -d services/* | wc -l)
said=$work/said

for builder in $builders; do
    echo "first build of $services services, $builder: $(seconds 0 "$msvc" build --push --builder "$builder") s"
    for _ in $(seq "$rounds"); do
        seconds 0 "$msvc" build --push --builder "$builder" >>"$work/$builder"
    done
    echo "nothing changed, $builder: $(median <"$work/$builder") s"
done
if [ -d "$CARGO_TARGET_DIR/release" ]; then
    # With msvc's own flags cargo finds everything done, too; without them it would build anew.
    flags="build.rustflags=['--remap-path-prefix=$PWD=/build', '--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo']"
    for _ in $(seq "$rounds"); do seconds 0 cargo build --release --locked --config "$flags" >>"$work/cargo"; done
    echo "cargo build alone: $(median <"$work/cargo") s"
fi
