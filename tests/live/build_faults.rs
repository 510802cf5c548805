//! `msvc build` in a bad world: each ends with one clear error and exit code 1.

use std::net::TcpListener;

use super::stage::{Project, Registry, Way, output, wait_for};
use crate::support::Output;

/// A Dockerfile that is built in no time.
const QUICK: &str = "FROM busybox:stable\nCOPY src /src\n";

#[track_caller]
fn fails(output: &Output, parts: &[&str]) {
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(output.stdout, "");
    for part in parts {
        assert!(output.stderr.contains(part), "`{part}` is missing:\n{output}");
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_failing_step_is_named_and_shows_its_last_lines() {
    let project = Project::new("localhost:5000");
    project.write("src/main.rs", "fn main() { undefined_function(); }\n");
    let output = project.msvc(&["build"]).run();
    fails(&output, &["the step `[build 4/4] RUN", "exit code: 101", "cannot find function `undefined_function`"]);
    project.write("Dockerfile", "FROM busybox:stable\nFOO bar\n");
    fails(&project.msvc(&["build"]).run(), &["could not build", "unknown instruction: FOO"]);
    project.write("Dockerfile", "FROM localhost:5000/nobody/has-this:1\n");
    fails(&project.msvc(&["build"]).run(), &["could not build", "nobody/has-this:1 can't be had", "hint:"]);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn credentials_of_any_characters_work_and_others_are_refused() {
    // At these places the password's encoding holds `+` and `/`.
    for password in ["~>?~>?", "x~>?~>?", "xy~>?~>?", "zo\u{eb}\u{ff}"] {
        let registry = Registry::with_user("me", password);
        let project = Project::new(&registry.address);
        project.write("Dockerfile", QUICK);
        let build = || project.msvc(&["build", "--push"]).run();
        let none = build();
        fails(&none, &["wants credentials", &format!("docker login {}", registry.address)]);
        project.log_in(&registry.address, "me", "wrong");
        let wrong = build();
        fails(&wrong, &["refused the credentials"]);
        project.log_in(&registry.address, "me", password);
        let right = build().success();
        assert!(right.stdout.starts_with(&registry.address), "{right}");
        for output in [none, wrong, right] {
            assert!(!output.stderr.contains(password), "{output}");
        }
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_registry_that_refuses_or_is_not_there_is_told_of() {
    let registry = Registry::read_only();
    let project = Project::new(&registry.address);
    project.write("Dockerfile", QUICK);
    fails(&project.msvc(&["build", "--push"]).run(), &[&registry.address, "refused", "cause:"]);

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = Project::new(&format!("127.0.0.1:{port}"));
    gone.write("Dockerfile", QUICK);
    fails(&gone.msvc(&["build", "--push"]).run(), &["could not reach the registry", "connection refused", "hint:"]);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn no_engine_is_told_of_with_how_to_start_one() {
    let project = Project::new("localhost:5000");
    for host in ["unix:///nonexistent/docker.sock", "tcp://127.0.0.1:1"] {
        let output = project.msvc(&["build"]).env("DOCKER_HOST", host).run();
        fails(&output, &["no Docker engine answers at", host, "systemctl start docker"]);
    }
    let other = project.msvc(&["build"]).env("DOCKER_CONTEXT", "never-made").run();
    fails(&other, &["the Docker context `never-made`", "docker context ls"]);
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_engine_that_dies_during_the_build_is_told_of() {
    let project = Project::new("localhost:5000");
    project
        .write("Dockerfile", &format!("FROM busybox:stable\nRUN echo {} && echo begun && sleep 600\n", project.name));
    let way = Way::new();
    let host = format!("unix://{}", way.socket.display());
    let log = project.path().join(".docker-config/log");
    let mut command = project.msvc(&["build", "-v"]).env("DOCKER_HOST", &host).command();
    let mut child =
        command.stdout(std::process::Stdio::null()).stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    wait_for("the step", || std::fs::read_to_string(&log).unwrap().contains(": begun"));
    way.cut();
    let mut code = None;
    wait_for("the end", || {
        code = child.try_wait().unwrap();
        code.is_some()
    });
    let said = std::fs::read_to_string(&log).unwrap();
    assert_eq!(code.unwrap().code(), Some(1), "{said}");
    assert!(said.contains("error: the Docker engine went away while it built"), "{said}");
}

/// `ROUNDS` says how often (`just killed-builds`); a few times show that it is tried.
#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_build_that_is_killed_leaves_a_whole_image_or_none_and_can_be_repeated() {
    let rounds: u32 = std::env::var("ROUNDS").map_or(3, |rounds| rounds.parse().unwrap());
    let project = Project::new("localhost:5000/msvc-test");
    let declared = std::fs::read_to_string(project.path().join("msvc.yaml")).unwrap();
    let base = "localhost:5000/distroless/cc-debian12:nonroot";
    project.write("msvc.yaml", &format!("{declared}image: {{ builder: native, base: '{base}' }}\n"));
    let name = format!("localhost:5000/msvc-test/{}:killed", project.name);
    let run = |reference: &str| output("docker", &["run", "--rm", "--pull", "always", reference]);
    let push = || project.msvc(&["build", "--push", "--tag", "killed"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut whole = Vec::new();
    for round in 0..rounds {
        let says = format!("round {round}");
        project.write("src/main.rs", &format!("fn main() {{ println!(\"{says}\"); }}\n"));
        whole.push(format!("{says}\n"));
        let mut child = push().command().stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(u64::from(rand::random::<u16>() % 1500)));
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(digest) = runtime.block_on(msvc::registry::digest_of(&name)).unwrap() {
            let said = run(&format!("{name}@{}", digest.as_str()));
            assert!(whole.contains(&said), "{said}");
        }
    }
    push().run().success();
    assert_eq!(run(&name), *whole.last().unwrap());
}
