//! Secrets of a build: steps read them, and nothing keeps them.

use super::stage::{Project, Registry, output};

const VALUE: &str = "hunter2-and-more";

/// Its last step tells no more than how many bytes it read.
const DOCKERFILE: &str = "FROM busybox:stable\n\
    RUN --mount=type=secret,id=token wc -c </run/secrets/token >/length\n\
    RUN --mount=type=secret,id=token,target=/there cat /there\n\
    ENTRYPOINT [\"cat\", \"/length\"]\n";

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_secret_is_read_by_steps_and_left_nowhere() {
    let project = Project::new("localhost:5000");
    project.write("Dockerfile", DOCKERFILE);
    project.write(".docker-config/token", &format!("{VALUE}\n"));
    let build = |secret: &str| {
        // What a secret is, does not count for the cache.
        let all = ["build", "-v", "--no-cache", "--secret", secret];
        project.msvc(&all).env("TOKEN", VALUE).run().success()
    };
    let by_file = build("id=token,src=.docker-config/token");
    let reference = by_file.stdout.trim();
    assert_eq!(output("docker", &["run", "--rm", reference]), format!("{}\n", VALUE.len() + 1));
    assert!(by_file.stderr.contains("***"), "what a step prints of it is hidden: {by_file}");

    // Layers and history, with all that they hold.
    let archive = project.path().join(".docker-config/image.tar");
    output("docker", &["save", "-o", archive.to_str().unwrap(), reference]);
    let kept = std::fs::read(archive).unwrap();
    assert!(!kept.windows(VALUE.len()).any(|part| part == VALUE.as_bytes()), "the image holds it");
    let history = output("docker", &["history", "--no-trunc", reference]) + &output("docker", &["inspect", reference]);
    assert!(!history.contains(VALUE), "{history}");

    let by_variable = build("id=token,env=TOKEN");
    assert_eq!(output("docker", &["run", "--rm", by_variable.stdout.trim()]), format!("{}\n", VALUE.len()));
    for told in [by_file, by_variable] {
        assert!(!format!("{told}").contains(VALUE), "{told}");
    }
    // Neither does a step that fails tell it.
    project
        .write("Dockerfile", "FROM busybox:stable\nRUN --mount=type=secret,id=token cat /run/secrets/token; exit 3\n");
    let failed = project.msvc(&["build", "--secret", "id=token,src=.docker-config/token"]).run();
    assert!(failed.code == Some(1) && failed.stderr.contains("exit code: 3"), "{failed}");
    assert!(failed.stderr.contains("***") && !failed.stderr.contains(VALUE), "{failed}");
    project.write("Dockerfile", "FROM busybox:stable\nRUN --mount=type=secret,id=other,required=true true\n");
    let missing = project.msvc(&["build"]).run();
    assert!(
        missing.code == Some(1) && missing.stderr.contains("hint: `--secret id=NAME,src=FILE` gives it"),
        "{missing}"
    );
}

/// The session of a build answers for credentials, too.
#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_base_is_pulled_with_the_credentials_of_its_registry() {
    let registry = Registry::with_user("me", "s?cret>~");
    let project = Project::new(&registry.address);
    project.write("Dockerfile", "FROM busybox:stable\nRUN echo based >/told\n");
    project.log_in(&registry.address, "me", "s?cret>~");
    let base = project.msvc(&["build", "--push", "--tag", "base"]).run().success();
    let base = base.stdout.trim();
    output("docker", &["rmi", "-f", base.split('@').next().unwrap()]);
    project.write("Dockerfile", &format!("FROM {base}\nENTRYPOINT [\"cat\", \"/told\"]\n"));
    let stands_on_it = || project.msvc(&["build", "--no-cache", "--pull"]).run();
    project.log_in(&registry.address, "me", "wrong");
    let refused = stands_on_it();
    assert!(refused.code == Some(1) && refused.stderr.contains("can't be had"), "{refused}");
    project.log_in(&registry.address, "me", "s?cret>~");
    let built = stands_on_it().success();
    assert_eq!(output("docker", &["run", "--rm", built.stdout.trim()]), "based\n");
}
