//! GitHub Actions: a job for each step, an environment of GitHub's for each of ours.

use std::fmt::Write as _;

use super::{Plan, RUST, Stage, build, contexts, deploy, install, registries};

pub(super) fn workflow(plan: &Plan) -> String {
    let mut text = head(plan);
    text += &test(plan);
    text += &build_job(plan);
    let mut before = "build".to_owned();
    for stage in &plan.stages {
        text += &deploy_job(plan, stage, &before);
        before = format!("deploy-{}", stage.name);
    }
    text
}

fn head(plan: &Plan) -> String {
    let later: Vec<&str> = plan.stages.iter().skip(1).map(|s| s.name.as_str()).collect();
    let gate = if later.is_empty() {
        String::new()
    } else {
        format!("#   required reviewers for {}: that is the gate by hand.\n", later.join(", "))
    };
    format!(
        r#"# Written by `msvc ci github`. To set up, in the repository's settings:
#   an environment for each of {names}, with a secret KUBECONFIG whose user has docs/deployer-role.yaml
#   of msvc in the namespace{contexts};
#   secrets REGISTRY_USER and REGISTRY_PASSWORD, where the registry wants them;
{gate}name: Deploy {project}

on:
  push:
    branches: [main]
  workflow_dispatch:

permissions:
  contents: read

# One after the other: a deploy that has begun is never cut off.
concurrency:
  group: deploy-${{{{ github.ref }}}}
  cancel-in-progress: false

env:
  CARGO_TERM_COLOR: always
  RUST_VERSION: "{RUST}"

jobs:
"#,
        names = plan.stages.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", "),
        contexts = contexts(plan),
        project = plan.project,
    )
}

/// The steps with which each job begins. `target` only where code is compiled.
fn prepare(key: &str, paths: &[&str], depth: &str) -> String {
    let paths = paths.iter().fold(String::new(), |text, path| text + "            " + path + "\n");
    format!(
        r"      - uses: actions/checkout@v4
{depth}      - uses: actions/cache@v4
        with:
          path: |
{paths}          key: {key}
      - run: rustup toolchain install $RUST_VERSION --profile minimal && rustup default $RUST_VERSION
"
    )
}

fn test(plan: &Plan) -> String {
    let services = if plan.stores {
        r#"    services:
      postgres:
        image: postgres:15
        env:
          POSTGRES_PASSWORD: test
        ports: ["5432:5432"]
        options: --health-cmd pg_isready --health-interval 2s --health-retries 20
    env:
      TEST_DATABASE_URL: postgres://postgres:test@localhost:5432/postgres
"#
    } else {
        ""
    };
    let key = "test-${{ runner.os }}-${{ hashFiles('Cargo.lock') }}\n          restore-keys: test-${{ runner.os }}-";
    format!(
        "  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 30\n{services}    steps:\n{}      \
         - run: cargo test --workspace --locked\n",
        prepare(key, &["~/.cargo/registry", "target"], "")
    )
}

fn msvc_cache() -> String {
    prepare("msvc-${{ runner.os }}-${{ hashFiles('.github/workflows/deploy.yml') }}", &["~/.cargo/bin/msvc"], FULL)
}

/// Tags of images come from git's own.
const FULL: &str = "        with:\n          fetch-depth: 0\n";

fn build_job(plan: &Plan) -> String {
    let mut text = format!(
        "\n  build:\n    needs: test\n    runs-on: ubuntu-latest\n    timeout-minutes: 60\n    steps:\n{}      - run: {}\n",
        msvc_cache(),
        install()
    );
    for registry in registries(plan) {
        let _ = write!(
            text,
            r#"      - name: Log in to {registry}
        run: |
          [ -z "$REGISTRY_PASSWORD" ] ||
            echo "$REGISTRY_PASSWORD" | docker login --username "$REGISTRY_USER" --password-stdin {registry}
        env:
          REGISTRY_USER: ${{{{ secrets.REGISTRY_USER }}}}
          REGISTRY_PASSWORD: ${{{{ secrets.REGISTRY_PASSWORD }}}}
"#
        );
    }
    for stage in plan.stages.iter().filter(|s| s.builds()) {
        let _ = writeln!(text, "      - run: {}", build(stage));
    }
    text + "      - uses: actions/upload-artifact@v4\n        with:\n          name: images\n          path: images-*.json\n"
}

fn deploy_job(plan: &Plan, stage: &Stage, before: &str) -> String {
    format!(
        r#"
  deploy-{name}:
    needs: {before}
    runs-on: ubuntu-latest
    timeout-minutes: 30
    environment: {name}
    concurrency: {project}-{name}
    steps:
{prepare}      - run: {install}
      - uses: actions/download-artifact@v4
        with:
          name: images
      - name: Kubeconfig
        run: printf '%s' "$KUBECONFIG_TEXT" > "$RUNNER_TEMP/kubeconfig"
        env:
          KUBECONFIG_TEXT: ${{{{ secrets.KUBECONFIG }}}}
      - run: {deploy}
        env:
          KUBECONFIG: ${{{{ runner.temp }}}}/kubeconfig
"#,
        name = stage.name,
        project = plan.project,
        prepare = msvc_cache(),
        install = install(),
        deploy = deploy(stage),
    )
}
