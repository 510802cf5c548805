//! Requests that come in all the time, as from clients that try again until they are answered.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A client gives up after this long.
const PATIENCE: Duration = Duration::from_mins(1);
const WORKERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);

/// What became of the requests.
#[derive(Debug, Default)]
pub struct Seen {
    /// The answers, one for each request that was made.
    pub answers: Vec<Value>,
    /// How often a request had to be repeated.
    pub repeated: u32,
}

/// Makes requests until `while_this` is done. `post` makes one with a key, by which the server knows it again, and gives
/// the answer, or why it has to be repeated.
pub fn requests(post: impl Fn(&str) -> Result<Value, String> + Sync, while_this: impl FnOnce()) -> Seen {
    let (seen, repeated) = (Mutex::new(Vec::new()), AtomicU32::new(0));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let key = key();
                    let since = Instant::now();
                    let answer = loop {
                        match post(&key) {
                            Ok(answer) => break answer,
                            Err(why) => {
                                assert!(since.elapsed() < PATIENCE, "{key} is not answered: {why}");
                                eprintln!("again: {why}");
                                repeated.fetch_add(1, Ordering::Relaxed);
                                std::thread::sleep(PAUSE);
                            }
                        }
                    };
                    seen.lock().unwrap().push(answer);
                    std::thread::sleep(PAUSE);
                }
            });
        }
        // A panic in here must not leave the workers running.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(while_this));
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = done {
            std::panic::resume_unwind(panic);
        }
    });
    Seen { answers: seen.into_inner().unwrap(), repeated: repeated.into_inner() }
}

/// Another one for each request.
pub fn key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// A request on a connection of its own: its answer if it is one of `expected`, or else why to try again.
pub fn post(url: &str, headers: &[(&str, &str)], body: &Value, expected: &[u16]) -> Result<Value, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(15)))
        .max_idle_connections(0)
        .build()
        .into();
    let request = headers.iter().fold(agent.post(url), |request, (name, value)| request.header(*name, *value));
    let mut response = request.send_json(body).map_err(|e| e.to_string())?;
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().map_err(|e| e.to_string())?;
    if !expected.contains(&status) {
        return Err(format!("{status} {text}"));
    }
    serde_json::from_str(&text).map_err(|e| format!("{e}: {text}"))
}
