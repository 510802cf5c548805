//! GitLab CI/CD: a stage for each step, an environment of GitLab's for each of ours.

use std::fmt::Write as _;

use super::{Plan, RUST, Stage, build, contexts, deploy, install, registries};

pub(super) fn pipeline(plan: &Plan) -> String {
    let mut text = head(plan);
    text += &test(plan);
    text += &build_job(plan);
    for (number, stage) in plan.stages.iter().enumerate() {
        text += &deploy_job(plan, stage, number > 0);
    }
    text
}

fn head(plan: &Plan) -> String {
    let stages: Vec<&str> = ["test", "build"].into_iter().chain(plan.stages.iter().map(|s| s.name.as_str())).collect();
    format!(
        r"# Written by `msvc ci gitlab`. To set up, under Settings > CI/CD > Variables:
#   KUBECONFIG, of type File, for each of the environments, whose user has docs/deployer-role.yaml of msvc
#   in the namespace{contexts};
#   REGISTRY_USER and REGISTRY_PASSWORD, masked, where the registry wants them.
stages: [{stages}]

workflow:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

variables:
  CARGO_HOME: $CI_PROJECT_DIR/.cargo-home
  GIT_DEPTH: 0 # tags of images come from git's own

default:
  image: rust:{RUST}

",
        contexts = contexts(plan),
        stages = stages.join(", "),
    )
}

fn test(plan: &Plan) -> String {
    let services = if plan.stores {
        r"  services:
    - postgres:15
  variables:
    POSTGRES_PASSWORD: test
    TEST_DATABASE_URL: postgres://postgres:test@postgres:5432/postgres
"
    } else {
        ""
    };
    format!(
        r"test:
  stage: test
{services}  cache:
    key: {{ files: [Cargo.lock], prefix: test }}
    paths: [.cargo-home/registry, target]
  script:
    - cargo test --workspace --locked
"
    )
}

/// What a job needs that calls msvc.
const MSVC_CACHE: &str =
    "  cache:\n    key: { files: [.gitlab-ci.yml], prefix: msvc }\n    paths: [.cargo-home/bin/msvc]\n";
const PATH: &str = "    - export PATH=\"$CARGO_HOME/bin:$PATH\"\n";

fn build_job(plan: &Plan) -> String {
    let mut text = format!(
        r"
build:
  stage: build
  services: [docker:dind]
  variables:
    DOCKER_HOST: tcp://docker:2375
    DOCKER_TLS_CERTDIR: ''
{MSVC_CACHE}  script:
{PATH}    - {install}
",
        install = install()
    );
    text += &login(&registries(plan));
    for stage in plan.stages.iter().filter(|s| s.builds()) {
        let _ = writeln!(text, "    - {}", build(stage));
    }
    text + "  artifacts:\n    paths: [images-*.json]\n"
}

/// There is no docker command in the image: what `docker login` writes.
fn login(registries: &[&str]) -> String {
    let entries: Vec<String> = registries.iter().map(|r| format!(r#"\"{r}\":{{\"auth\":\"$auth\"}}"#)).collect();
    format!(
        r#"    - |
      if [ -n "$REGISTRY_PASSWORD" ]; then
        auth=$(printf %s "$REGISTRY_USER:$REGISTRY_PASSWORD" | base64 -w0)
        mkdir -p ~/.docker
        echo "{{\"auths\":{{{entries}}}}}" > ~/.docker/config.json
      fi
"#,
        entries = entries.join(",")
    )
}

fn deploy_job(plan: &Plan, stage: &Stage, by_hand: bool) -> String {
    let gate = if by_hand { "  when: manual\n" } else { "" };
    format!(
        r"
deploy-{name}:
  stage: {name}
  environment: {name}
  resource_group: {project}-{name}
{gate}{MSVC_CACHE}  script:
{PATH}    - {install}
    - {deploy}
",
        name = stage.name,
        project = plan.project,
        install = install(),
        deploy = deploy(stage),
    )
}
