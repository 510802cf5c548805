//! A project with a service that builds in a second.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use tempfile::TempDir;

const MAIN: &str = include_str!("../fixtures/service/main.rs");

/// A service called `orders` on its own, in a folder of its own.
pub struct Service(TempDir);

impl Service {
    pub fn new() -> Self {
        Self::with_main(MAIN)
    }

    /// With another main.rs.
    pub fn with_main(main: &str) -> Self {
        let service = Self(tempfile::tempdir().unwrap());
        fs::create_dir(service.dir().join("src")).unwrap();
        service.write("src/main.rs", main);
        service.write(
            "Cargo.toml",
            "[package]\nname = \"orders\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
        );
        service.write("msvc.yaml", "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: rest }\n");
        service
    }

    pub fn dir(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.dir().join(file), text).unwrap();
    }

    /// The numbers of the processes that msvc wrote down as running.
    pub fn pids(&self) -> Vec<u64> {
        let Ok(text) = fs::read_to_string(self.dir().join(".msvc/run/up.json")) else { return Vec::new() };
        let record: serde_json::Value = serde_json::from_str(&text).unwrap();
        record["processes"].as_array().unwrap().iter().map(|p| p["pid"].as_u64().unwrap()).collect()
    }
}

/// Whether there is a process with this number that has not ended.
pub fn runs(pid: u64) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Status line and all that follows of `GET url`, for a URL such as `http://127.0.0.1:8080/orders`.
pub fn get(url: &str) -> std::io::Result<String> {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(address)?;
    // In one write, so that a simple server reads it with one read.
    stream.write_all(format!("GET /{path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
