//! What an engine can't be made to do on demand: one that answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;

use crate::support::service::Service;
use crate::support::{Msvc, Output};

const SESSION: &str = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n";
const NO_SESSION: &str = "HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// Starts an engine whose builds end with this message, and which answers so to sessions. Its socket goes with the folder.
fn engine(says: &'static str, session: &'static str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream, says, session));
        }
    });
    (dir, socket)
}

fn answer(mut stream: UnixStream, says: &str, session: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    let mut header = String::new();
    reader.read_line(&mut request).unwrap();
    while reader.read_line(&mut header).unwrap() > 2 {
        header.clear();
    }
    let json =
        |body: String| format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let path = request.split(' ').nth(1).unwrap_or_default();
    let told = match path.split('?').next().unwrap_or_default() {
        version if version.ends_with("/version") => json(r#"{"ApiVersion":"1.41"}"#.to_owned()),
        "/session" => session.to_owned(),
        build if build.ends_with("/build") => {
            assert!(path.contains("version=2") && path.contains("session=msvc-"), "{path}");
            let mut context = Vec::new();
            let mut piece = [0; 4096];
            while !context.ends_with(b"0\r\n\r\n") {
                let read = reader.read(&mut piece).unwrap();
                context.extend_from_slice(&piece[..read]);
            }
            json(serde_json::json!({ "errorDetail": { "message": says }, "error": says }).to_string() + "\n")
        }
        other => panic!("nobody asks for {other}"),
    };
    stream.write_all(told.as_bytes()).unwrap();
    // A session stays open until it is closed.
    let _ = reader.read_to_end(&mut Vec::new());
}

fn build(socket: &std::path::Path, args: &[&str]) -> Output {
    let service = Service::new();
    service.write("Dockerfile", "FROM scratch\nCOPY src /src\n");
    service.write("token", "hunter2");
    let host = format!("unix://{}", socket.display());
    Msvc::new(service.dir(), &[&["build", "--tag", "v1"], args].concat()).env("DOCKER_HOST", &host).run()
}

#[test]
fn a_full_disk_of_the_engine_is_told_of_with_what_makes_room() {
    let (_dir, socket) = engine("failed to copy files: copy file range failed: no space left on device", SESSION);
    insta::assert_snapshot!(build(&socket, &[]).transcript());
}

#[test]
fn an_engine_without_sessions_builds_and_takes_no_secrets() {
    let (_dir, socket) = engine("it was tried", NO_SESSION);
    let output = build(&socket, &[]);
    assert!(output.code == Some(1) && output.stderr.contains("cause: it was tried"), "{output}");
    let output = build(&socket, &["--secret", "id=token,src=token"]);
    assert!(output.code == Some(1) && output.stderr.contains("can't be given secrets"), "{output}");
    assert!(output.stderr.contains("404 Not Found") && !output.stderr.contains("hunter2"), "{output}");
}

#[test]
fn secrets_that_are_not_understood_or_not_there_are_refused_before_anything_is_asked() {
    let socket = PathBuf::from("/nowhere/docker.sock");
    let mut told = String::new();
    for args in [
        &["--secret", "hunter2"][..],
        &["--secret", "src=token"],
        &["--secret", "id=token,scr=token"],
        &["--secret", "id=token,src=nowhere"],
        &["--secret", "id=token,env=NOWHERE"],
        &["--secret", "id=token,src=token,env=TOKEN"],
        &["--secret", "id=token,type=vault,src=token"],
        &["--secret", "id=token,src=token", "--builder", "native"],
    ] {
        let output = build(&socket, args);
        assert!(output.code == Some(2) && !output.stderr.contains("hunter2"), "{args:?}: {output}");
        told += &format!("# {}\n{output}\n", args.join(" "));
    }
    let told =
        regex::Regex::new(r"/\S*/(nowhere)").unwrap().replace_all(&told, "$1").replace("# --secret hunter2", "#");
    insta::assert_snapshot!(told);
}
