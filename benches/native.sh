#!/usr/bin/env bash
# The native builder: from one changed source line to the image in the registry, against `cargo build --release` alone with
# the same flags in the same target folder; what comes after the compiler, against `ko build` of a Go program whose binary is
# as large (KO names ko, and go must be in the PATH; without them this part is left out).
# REGISTRY: a registry that has distroless/cc-debian12:nonroot (localhost:5000).
source "$(dirname "$0")/lib.sh"
need_msvc
registry=${REGISTRY:-localhost:5000}
base=$registry/distroless/cc-debian12:nonroot

work=$(mktemp -d)
name=bench$RANDOM
trap 'rm -rf "$work"' EXIT
"$msvc" -q new "$name" --yes --no-git --into "$work" --set "registry=$registry/bench" >/dev/null
cd "$work/$name"
sed -i "/^deploy:/i image: { builder: native, base: '$base' }" msvc.yaml
export CARGO_TARGET_DIR=${BENCH_TARGET_DIR:-$work/target}

changed=0
change() { changed=$((changed + 1)); printf '/// What changed.\npub const CHANGED: u32 = %s;\n' "$changed" >"$work/line"
    [ -f "$work/lib.rs" ] || cp src/lib.rs "$work/lib.rs"
    cat "$work/lib.rs" "$work/line" >src/lib.rs; }
seconds() { local from; from=$(date +%s.%N); "$@" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; fail "$*"; }
    awk -v a="$from" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f\n", b - a }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a - b }'; }
cargo_home=${CARGO_HOME:-$HOME/.cargo}
compiler() { cargo build --release --locked --bin "$name" --config \
    "build.rustflags=['--remap-path-prefix=$PWD=/build', '--remap-path-prefix=$cargo_home=/cargo']"; }
mine() { "$msvc" build --push --tag bench "$@"; }
# A repository that has none of the parts: all of them are sent.
elsewhere() { sed -i "s|$registry/bench[0-9]*|$registry/bench$RANDOM$RANDOM|" msvc.yaml; mine; }

echo "first build: $(seconds mine) s"
for _ in $(seq "$rounds"); do
    change; seconds compiler >>"$work/compiler"
    change; seconds mine >>"$work/mine"
    seconds compiler >>"$work/idle"
    seconds mine >>"$work/same"
    seconds elsewhere >>"$work/new"
done
compiler=$(median <"$work/compiler") mine=$(median <"$work/mine") idle=$(median <"$work/idle")
echo "one line changed: cargo build --release $compiler s, msvc build --push $mine s: $(less "$mine" "$compiler") s more"
echo "nothing changed: msvc build --push $(median <"$work/same") s, cargo alone $idle s"
echo "all parts sent to a new repository: $(less "$(median <"$work/new")" "$idle") s besides cargo's"
binary=$(stat -c %s "$CARGO_TARGET_DIR/release/$name")
echo "binary: $((binary / 1000)) kB"

[ -x "${KO:-}" ] && command -v go >/dev/null || exit 0
mkdir "$work/go" && cd "$work/go"
head -c "$((binary > 2000000 ? binary - 1500000 : 1000))" /dev/urandom >filling
cat >go.mod <<GO
module example.org/bench
go 1.19
GO
cat >main.go <<GO
package main

import _ "embed"

//go:embed filling
var filling []byte

func main() { println(len(filling)) }
GO
export KO_DEFAULTBASEIMAGE=$base GOFLAGS=-mod=mod
peer() { KO_DOCKER_REPO=$registry/bench$RANDOM$RANDOM "$KO" build --bare --insecure-registry --sbom=spdx .; }
peer_idle() { go build -trimpath -o "$work/go/out" .; }
peer >/dev/null 2>&1 || fail "ko build"
for _ in $(seq "$rounds"); do seconds peer_idle >>"$work/go.idle"; seconds peer >>"$work/ko"; done
echo "ko build to a new repository: $(less "$(median <"$work/ko")" "$(median <"$work/go.idle")") s besides go's"
