//! A registry in memory that stumbles as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use sha2::{Digest as _, Sha256};

/// What a registry answers: status, headers, body; with the status [`HANGS_UP`] nothing.
pub type Answer = (u16, String, Vec<u8>);

/// The status of a registry that hangs up.
pub const HANGS_UP: u16 = 0;
/// The same, after it took half of what it was sent.
pub const HANGS_UP_HALFWAY: u16 = 1;

/// A request: method, path with its query, host, authorization, range, body.
#[derive(Debug, Clone)]
pub struct Request {
    pub host: String,
    pub method: String,
    pub path: String,
    pub authorization: String,
    pub range: String,
    pub body: Vec<u8>,
}

/// What the registry holds.
#[derive(Debug, Default)]
pub struct State {
    /// By digest.
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// By tag and by digest: media type and bytes.
    pub manifests: BTreeMap<String, (String, Vec<u8>)>,
    /// All that was asked of it: `METHOD /path`.
    pub asked: Vec<String>,
    uploads: BTreeMap<usize, Vec<u8>>,
    begun: usize,
}

/// A registry of one's own, until the test ends.
pub struct Scripted {
    /// Host and port.
    pub address: String,
    state: Arc<Mutex<State>>,
}

pub fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

impl Scripted {
    /// Starts one; where `fault` gives an answer to a request, that is the answer.
    pub fn start(fault: impl Fn(&Request, &State) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, fault) = (Arc::clone(&state), Arc::new(fault));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, fault) = (Arc::clone(&shared), Arc::clone(&fault));
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let mut state = state.lock().unwrap();
                    state.asked.push(format!("{} {}", request.method, request.path));
                    let answer = fault(&request, &state).unwrap_or_else(|| state.answer(&request));
                    if answer.0 == HANGS_UP_HALFWAY {
                        let half = request.body[..request.body.len() / 2].to_vec();
                        state.answer(&Request { body: half, ..request.clone() });
                    }
                    drop(state);
                    if answer.0 > HANGS_UP_HALFWAY {
                        write(&stream, &request.method, &answer);
                    }
                });
            }
        });
        Self { address, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    /// How often something was asked so far, the present request included.
    pub fn times(&self, method: &str, part: &str) -> usize {
        self.asked.iter().filter(|asked| asked.starts_with(method) && asked.contains(part)).count()
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let last = path.rsplit('/').next().unwrap_or_default().to_owned();
        let plain = |status: u16| (status, String::new(), Vec::new());
        let missing = |code: &str| (404, String::new(), format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#).into_bytes());
        match request.method.as_str() {
            _ if path == "/v2/" => plain(200),
            "POST" => {
                self.begun += 1;
                self.uploads.insert(self.begun, Vec::new());
                (202, format!("location: {path}{}\r\n", self.begun), Vec::new())
            }
            "PATCH" | "PUT" if path.contains("/uploads/") => {
                let Some(upload) = last.parse().ok().and_then(|n| self.uploads.get_mut(&n)) else {
                    return missing("BLOB_UPLOAD_UNKNOWN");
                };
                let begins = request.range.split('-').next().and_then(|n| n.parse().ok());
                if request.method == "PATCH" && begins.is_some_and(|n: usize| n != upload.len()) {
                    return plain(416);
                }
                upload.extend_from_slice(&request.body);
                if request.method == "PATCH" {
                    return (202, format!("location: {path}\r\n"), Vec::new());
                }
                let digest = sha256(upload);
                assert!(query.replace("%3A", ":").contains(&digest), "{query}");
                self.blobs.insert(digest, upload.clone());
                (201, format!("location: {path}\r\n"), Vec::new())
            }
            "PUT" => {
                let digest = sha256(&request.body);
                let value: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
                let kept = (value["mediaType"].as_str().unwrap().to_owned(), request.body.clone());
                self.manifests.insert(digest, kept.clone());
                self.manifests.insert(last, kept);
                (201, format!("location: {path}\r\n"), Vec::new())
            }
            "GET" if path.contains("/uploads/") => match last.parse().ok().and_then(|n| self.uploads.get(&n)) {
                Some(upload) => {
                    let range = format!("location: {path}\r\nrange: 0-{}\r\n", upload.len().saturating_sub(1));
                    (204, range, Vec::new())
                }
                None => missing("BLOB_UPLOAD_UNKNOWN"),
            },
            _ if path.contains("/manifests/") => match self.manifests.get(&last) {
                Some((kind, bytes)) => {
                    let digest = sha256(bytes);
                    (200, format!("content-type: {kind}\r\ndocker-content-digest: {digest}\r\n"), bytes.clone())
                }
                None => missing("MANIFEST_UNKNOWN"),
            },
            _ => match self.blobs.get(&last) {
                Some(bytes) => (200, String::new(), bytes.clone()),
                None => missing("BLOB_UNKNOWN"),
            },
        }
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut length, mut host, mut authorization, mut range) = (0, String::new(), String::new(), String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "host" => value.clone_into(&mut host),
            "authorization" => value.clone_into(&mut authorization),
            "content-range" => value.clone_into(&mut range),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { host, method, path, authorization, range, body })
}

fn write(mut stream: &TcpStream, method: &str, (status, headers, body): &Answer) {
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n");
    if method != "HEAD" {
        let _ = stream.write_all(body);
    }
}
