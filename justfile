# The commands of everyday work; `just` lists them.
default:
    @just --list

# What every change must pass, without engine and cluster
check:
    cargo fmt --check
    cargo clippy --all-targets --test long -- -D warnings
    cargo test

# Everything, with the live tests: what CI runs
full:
    bash .ci/run

# Writes completions/, man pages and schemas anew
generate:
    UPDATE_GENERATED=1 cargo test --test it generated

# Kills a service with an outbox a hundred times in the middle of writes: nothing may be lost
kills:
    KILLS=100 cargo test --test it no_kill_loses_an_event -- --nocapture

# Kills deploys at fifty random moments, has two and five at once fifty times, and kills and freezes daemons of the
# testbed meanwhile, which nobody else should be using: three quarters of an hour
faults:
    ROUNDS=50 cargo test --test it live::cluster::faults -- --nocapture
    cargo test --test it daemons -- --ignored --nocapture --test-threads 1

# Kills native builds at twenty random moments, and looks whether what has the name is whole
killed-builds:
    ROUNDS=20 cargo test --test it a_build_that_is_killed -- --nocapture

# Writes every template's Cargo.lock.tera anew, for all combinations of its options; versions stay as they are
locks:
    UPDATE_LOCKS=1 cargo test --test it locks

# Generates, lints, tests and runs services with every combination of options, in ten minutes; CI takes all pairs of them
matrix:
    MATRIX=full cargo test --test it matrix

# Has Helm judge and install the charts of `render --format helm`; building it takes minutes, once per machine
helm:
    ../shared/testbed/tool helm
    cargo test --test it -- --ignored helm_

# Asks cargo-deny about msvc and what each template makes; `just deny bans licenses sources` without a network
deny *checks:
    cargo install --locked --quiet cargo-deny
    cargo deny check {{checks}}
    bash .ci/deny {{checks}}

# Deploys whole systems to the testbed and kills their pods under load; builds their images, which takes a while
long *FILTER:
    cargo test --test long -- --nocapture --test-threads 1 {{FILTER}}

# Measures msvc and generated services against their peers
bench:
    benches/run
