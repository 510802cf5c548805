//! Jenkins: a declarative pipeline, with a question before every environment but the first.

use std::fmt::Write as _;

use super::{Plan, Stage, build, contexts, deploy, install, registries};

pub(super) fn pipeline(plan: &Plan) -> String {
    let mut text = head(plan);
    for (number, stage) in plan.stages.iter().enumerate() {
        text += &deploy_stage(stage, number > 0);
    }
    text + "    }\n}\n"
}

fn head(plan: &Plan) -> String {
    let mut builds = String::new();
    for registry in registries(plan) {
        let _ = writeln!(
            builds,
            "                    sh '''[ -z \"$REGISTRY_PSW\" ] || echo \"$REGISTRY_PSW\" |
                        docker login --username \"$REGISTRY_USR\" --password-stdin {registry}'''"
        );
    }
    for stage in plan.stages.iter().filter(|s| s.builds()) {
        let _ = writeln!(builds, "                    sh '{}'", build(stage));
    }
    let credentials: Vec<String> = plan.stages.iter().map(|s| format!("kubeconfig-{}", s.name)).collect();
    format!(
        r#"// Written by `msvc ci jenkins`. To set up: agents with Docker and Rust, and credentials
//   {credentials}: files, whose users have docs/deployer-role.yaml of msvc
//   in the namespace{contexts};
//   registry: user name and password.
// The workspace of an agent keeps `target`, and its home ~/.cargo: nothing is compiled twice.
pipeline {{
    agent any
    environment {{
        PATH = "${{env.HOME}}/.cargo/bin:${{env.PATH}}"
    }}
    options {{
        disableConcurrentBuilds()
        timeout(time: 2, unit: 'HOURS')
    }}
    stages {{
        stage('test') {{
            steps {{
                sh 'cargo test --workspace --locked'
            }}
        }}
        stage('build') {{
            steps {{
                sh '{install}'
                withCredentials([usernamePassword(
                    credentialsId: 'registry', usernameVariable: 'REGISTRY_USR', passwordVariable: 'REGISTRY_PSW'
                )]) {{
{builds}                }}
            }}
        }}
"#,
        credentials = credentials.join(", "),
        contexts = contexts(plan),
        install = install(),
    )
}

fn deploy_stage(stage: &Stage, by_hand: bool) -> String {
    let gate = if by_hand {
        format!(
            "            input {{\n                message 'Deploy to {0}?'\n                ok 'Deploy'\n            }}\n",
            stage.name
        )
    } else {
        String::new()
    };
    format!(
        r"        stage('deploy {name}') {{
{gate}            steps {{
                withCredentials([file(credentialsId: 'kubeconfig-{name}', variable: 'KUBECONFIG')]) {{
                    sh '{deploy}'
                }}
            }}
        }}
",
        name = stage.name,
        deploy = deploy(stage),
    )
}
