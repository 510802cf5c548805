//! What live tests of images build on: a tiny project, a registry of their own, an engine that can be cut off.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::Msvc;

/// The generated one.
const DOCKERFILE: &str = include_str!("../../templates/project/Dockerfile.tera");
const TOUCH_CHANGED: &str = include_str!("../../templates/project/docker/touch-changed.sh");

/// A service of two crates that prints one line, with a name of its own.
pub struct Project {
    dir: tempfile::TempDir,
    pub name: String,
}

impl Project {
    pub fn new(registry: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let name = format!("t{:08x}", rand::random::<u32>());
        let project = Self { dir, name };
        let name = &project.name;
        let package = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        let locked = |name: &str| format!("\n[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\n");
        let manifest = "\n[dependencies]\nbase = { path = \"base\" }\n\n[workspace]\n";
        project.write("Cargo.toml", &(package(name) + manifest));
        let locked = locked("base") + &locked(name) + "dependencies = [\n \"base\",\n]\n";
        project.write("Cargo.lock", &format!("version = 4\n{locked}"));
        project.write("base/Cargo.toml", &package("base"));
        project.write("base/src/lib.rs", "pub const WHAT: &str = \"world\";\n");
        project.write("src/main.rs", "fn main() { println!(\"one\"); }\n");
        project.write("Dockerfile", &DOCKERFILE.replace("{= name =}", name).replace("{= port =}", "8080"));
        project.write("docker/touch-changed.sh", TOUCH_CHANGED);
        project.write(".dockerignore", "target\n.git\n.docker-config\n");
        project.write(
            "msvc.yaml",
            &format!(
                "apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\n\
                 environments: {{ staging: {{ registry: '{registry}' }} }}\n"
            ),
        );
        project
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// `msvc` in the project, with a Docker config of its own.
    pub fn msvc(&self, args: &[&str]) -> Msvc {
        let config = self.path().join(".docker-config");
        std::fs::create_dir_all(&config).unwrap();
        std::fs::write(self.path().join(".gitignore"), "/target/\n/.docker-config/\n").unwrap();
        Msvc::new(self.path(), args).env("DOCKER_CONFIG", config.to_str().unwrap())
    }

    /// Writes credentials as `docker login` does.
    pub fn log_in(&self, registry: &str, user: &str, password: &str) {
        let config = self.path().join(".docker-config");
        std::fs::create_dir_all(&config).unwrap();
        let auths = serde_json::json!({ "auths": { registry: { "username": user, "password": password } } });
        std::fs::write(config.join("config.json"), auths.to_string()).unwrap();
    }
}

/// Its images go with it.
impl Drop for Project {
    fn drop(&mut self) {
        let names = ["", "*/", "*/*/"].map(|path| format!("--filter=reference={path}{}*", self.name));
        for name in names {
            let Ok(listed) = Command::new("docker").args(["images", "-q", &name]).output() else { return };
            let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
            let mut ids: Vec<&str> = listed.lines().collect();
            ids.dedup();
            if !ids.is_empty() {
                let _ = Command::new("docker").args(["rmi", "-f"]).args(ids).output();
            }
        }
    }
}

/// What a command prints, which must succeed.
#[track_caller]
pub fn output(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A registry of one's own, which ends with the test.
pub struct Registry {
    child: Child,
    pub address: String,
    _dir: tempfile::TempDir,
}

impl Registry {
    /// With one user.
    pub fn with_user(user: &str, password: &str) -> Self {
        let hashed = output("htpasswd", &["-Bbn", user, password]);
        Self::start(&hashed, "")
    }

    /// That lets nobody write.
    pub fn read_only() -> Self {
        Self::start("", "  maintenance: { readonly: { enabled: true } }\n")
    }

    fn start(users: &str, storage: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let (root, htpasswd) = (dir.path().join("data"), dir.path().join("htpasswd"));
        let auth = if users.is_empty() {
            String::new()
        } else {
            std::fs::write(&htpasswd, users).unwrap();
            format!("auth: {{ htpasswd: {{ realm: test, path: '{}' }} }}\n", htpasswd.display())
        };
        let config = format!(
            "version: 0.1\nlog: {{ level: error }}\nstorage:\n  filesystem: {{ rootdirectory: '{}' }}\n{storage}\
             http: {{ addr: '{address}' }}\n{auth}",
            root.display()
        );
        let file = dir.path().join("config.yml");
        std::fs::write(&file, config).unwrap();
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let registry = Self { child, address, _dir: dir };
        wait_for("the registry", || TcpStream::connect(&registry.address).is_ok());
        registry
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
pub fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let since = Instant::now();
    while !there() {
        assert!(since.elapsed() < Duration::from_secs(30), "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A way to the engine that can be cut.
pub struct Way {
    pub socket: PathBuf,
    cut: Arc<AtomicBool>,
    _dir: tempfile::TempDir,
}

impl Way {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("docker.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let cut = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&cut);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let engine = UnixStream::connect("/var/run/docker.sock").unwrap();
                carry(client.try_clone().unwrap(), engine.try_clone().unwrap(), Arc::clone(&flag));
                carry(engine, client, Arc::clone(&flag));
            }
        });
        Self { socket, cut, _dir: dir }
    }

    /// From now on, what goes through breaks off.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }
}

fn carry(mut from: UnixStream, mut to: UnixStream, cut: Arc<AtomicBool>) {
    let _ = from.set_read_timeout(Some(Duration::from_millis(50)));
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while !cut.load(Ordering::SeqCst) {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) if to.write_all(&buffer[..n]).is_ok() => {}
                Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
                _ => break,
            }
        }
        let how = if cut.load(Ordering::SeqCst) { Shutdown::Both } else { Shutdown::Write };
        let _ = to.shutdown(how);
        if cut.load(Ordering::SeqCst) {
            let _ = from.shutdown(Shutdown::Both);
        }
    });
}
