//! A way to the API server that breaks as it is told: a plain HTTP proxy in front of `kubectl proxy`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    None,
    /// This status instead of an answer.
    Status(u16),
    /// 429, to be repeated after a second.
    TooMany,
    /// It arrives and is done, and the answer is lost.
    Lost,
    /// The answer ends in the middle.
    Truncated,
    /// The answer comes late.
    Slow,
    /// A watch that ends after a moment.
    Cut,
    /// A watch that says that what it was to go on from is too old.
    Expired,
}

/// What a request is, for whoever decides about it.
pub struct Asked<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// How many requests came before it, of watches or of others.
    pub number: usize,
}

impl Asked<'_> {
    pub fn watches(&self) -> bool {
        self.path.contains("watch=true")
    }

    /// Whether it is about what is in namespaces, and may be done twice.
    pub fn may_be_repeated(&self) -> bool {
        self.path.contains("/namespaces/") && ["GET", "PATCH", "DELETE"].contains(&self.method)
    }
}

type Script = Box<dyn Fn(&Asked) -> Fault + Send>;

struct State {
    script: Script,
    watches: usize,
    others: usize,
    made: BTreeMap<Fault, usize>,
}

pub struct Way {
    proxy: Child,
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Way {
    pub fn new(script: impl Fn(&Asked) -> Fault + Send + 'static) -> Self {
        let mut proxy = Command::new("kubectl")
            .args(["--context", "testbed", "proxy", "--port=0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(proxy.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let backend = line.trim().rsplit(' ').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State { script: Box::new(script), watches: 0, others: 0, made: BTreeMap::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (backend, state) = (backend.clone(), Arc::clone(&shared));
                std::thread::spawn(move || {
                    // A side that goes away ends it.
                    let _ = carry(client, &backend, &state);
                });
            }
        });
        Self { proxy, port, state }
    }

    /// From now on.
    pub fn follow(&self, script: impl Fn(&Asked) -> Fault + Send + 'static) {
        self.state.lock().unwrap().script = Box::new(script);
    }

    /// How often each fault was made.
    pub fn made(&self) -> BTreeMap<Fault, usize> {
        self.state.lock().unwrap().made.clone()
    }

    pub fn kubeconfig(&self) -> String {
        let server = format!("http://127.0.0.1:{}", self.port);
        serde_json::json!({ "apiVersion": "v1", "kind": "Config",
            "clusters": [{ "name": "way", "cluster": { "server": server } }],
            "users": [{ "name": "way", "user": {} }],
            "contexts": [{ "name": "testbed", "context": { "cluster": "way", "user": "way" } }] })
        .to_string()
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

/// One request of a connection, and its answer.
fn carry(client: TcpStream, backend: &str, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line == "\r\n" {
            break;
        }
        if !lower.starts_with("connection:") && !lower.starts_with("accept-encoding:") {
            head += &line;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let fault = decide(&head, state);
    answer(client, backend, fault, format!("{head}Connection: close\r\n\r\n").as_bytes(), &body)
}

fn decide(head: &str, state: &Mutex<State>) -> Fault {
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut state = state.lock().unwrap();
    let mut asked = Asked { method, path, number: state.others };
    if asked.watches() {
        asked.number = state.watches;
        state.watches += 1;
    } else {
        state.others += 1;
    }
    let fault = (state.script)(&asked);
    *state.made.entry(fault).or_default() += 1;
    fault
}

fn answer(mut client: TcpStream, backend: &str, fault: Fault, head: &[u8], body: &[u8]) -> std::io::Result<()> {
    let status = |code: u16, more: &str| {
        let text =
            format!(r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","message":"made up","code":{code}}}"#);
        format!(
            "HTTP/1.1 {code} Fault\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n{text}",
            text.len()
        )
    };
    match fault {
        Fault::Status(code) => return client.write_all(status(code, "").as_bytes()),
        Fault::TooMany => return client.write_all(status(429, "Retry-After: 1\r\n").as_bytes()),
        Fault::Expired => {
            let object = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410}"#;
            let event = format!("{{\"type\":\"ERROR\",\"object\":{object}}}\n");
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
            return client.write_all(format!("{head}{event}").as_bytes());
        }
        Fault::Slow => std::thread::sleep(Duration::from_millis(1500)),
        _ => {}
    }
    let mut server = TcpStream::connect(backend)?;
    server.write_all(head)?;
    server.write_all(body)?;
    if fault == Fault::Cut {
        server.set_read_timeout(Some(Duration::from_millis(400)))?;
        let _ = std::io::copy(&mut server, &mut client);
        return client.shutdown(Shutdown::Both);
    }
    if matches!(fault, Fault::Lost | Fault::Truncated) {
        let mut whole = Vec::new();
        server.read_to_end(&mut whole)?;
        if fault == Fault::Truncated {
            client.write_all(&whole[..whole.len() - whole.len() / 8 - 1])?;
        }
        return client.shutdown(Shutdown::Both);
    }
    // A watch goes on until its reader leaves.
    std::io::copy(&mut server, &mut client).map(|_| ())
}
