//! Replicas of a service are replaced one after the other, while clients ask through the gateway.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::{ask, get};

/// What each client asks at most: the replacements end it earlier.
const LARGEST: usize = 50_000;
const CLIENTS: usize = 4;

/// A program that was built before, on a free port.
struct Replica {
    child: Child,
    address: SocketAddr,
}

impl Replica {
    fn start(program: &Path, env: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .envs([("PORT", "0"), ("MANAGEMENT_PORT", "0"), ("LOG_FORMAT", "json")])
            .envs(env.iter().copied())
            .current_dir(program.parent().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let ready = lines.find_map(|line| {
            let event: Value = serde_json::from_str(&line).unwrap();
            event["address"].as_str().filter(|_| event["message"] == "ready").map(|address| address.parse().unwrap())
        });
        // What is not read would fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: ready.expect("it never became ready") }
    }

    /// Tells it to end, as an orchestrator does; gives the exit code.
    fn stop(mut self) -> Option<i32> {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a cluster has in a Service: each new connection goes to the next of those that are ready.
struct Balancer {
    address: SocketAddr,
    ready: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    fn start(replicas: &[Replica]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ready = Arc::new(Mutex::new(replicas.iter().map(|replica| replica.address).collect::<Vec<_>>()));
        let all = Arc::clone(&ready);
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let all = all.lock().unwrap().clone();
                join(stream.unwrap(), TcpStream::connect(all[index % all.len()]).unwrap());
            }
        });
        Self { address, ready }
    }

    fn replace(&self, old: SocketAddr, new: SocketAddr) {
        let mut ready = self.ready.lock().unwrap();
        ready.push(new);
        ready.retain(|address| *address != old);
    }
}

fn join(one: TcpStream, other: TcpStream) {
    for (mut from, mut to) in [(one.try_clone().unwrap(), other.try_clone().unwrap()), (other, one)] {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        });
    }
}

/// Writes and reads until told to stop; gives the places of what was written, and what went wrong.
fn load(url: &str, until: &AtomicBool, answered: &AtomicUsize) -> (Vec<String>, Vec<String>) {
    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"});
    let (mut places, mut failures) = (Vec::new(), Vec::new());
    for _ in 0..LARGEST {
        if until.load(Ordering::Relaxed) {
            break;
        }
        let created = ask("POST", &format!("{url}/orders"), &order);
        places.push(created.header("location").to_owned());
        let listed = get(&format!("{url}/orders?limit=1"));
        for (answer, expected) in [(created, 201), (listed, 200)] {
            if answer.0 != expected {
                failures.push(format!("{expected}: {} {}", answer.0, answer.2));
            }
        }
        answered.fetch_add(2, Ordering::Relaxed);
    }
    (places, failures)
}

/// Replaces both replicas of `service` behind `gateway`; programs that were built.
pub fn loses_no_request(gateway: &Path, service: &Path) {
    let home = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", home.path().join("orders.db").display());
    let start = || Replica::start(service, &[("DATABASE_URL", &database)]);
    let replicas = vec![start(), start()];
    let balancer = Balancer::start(&replicas);
    let orders = format!("http://{}", balancer.address);
    let entrance = Replica::start(gateway, &[("ORDERS_URL", &orders), ("RATE_LIMIT", "0")]);
    let url = format!("http://{}", entrance.address);

    let (until, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (mut running, mut ends) = (Vec::new(), Vec::new());
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| load(&url, &until, &answered))).collect();
        for old in replicas {
            wait_for_more(&answered);
            let new = start();
            balancer.replace(old.address, new.address);
            ends.push(old.stop());
            running.push(new);
        }
        wait_for_more(&answered);
        until.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(ends, [Some(0), Some(0)]);
    for (places, failures) in outcomes {
        assert!(failures.is_empty(), "{failures:#?}");
        for place in places {
            assert_eq!(get(&format!("{url}{place}")).0, 200, "{place} was acknowledged");
        }
    }
    assert_eq!(entrance.stop(), Some(0));
}

/// Until clients have been answered often enough to feel what was done before.
fn wait_for_more(answered: &AtomicUsize) {
    let enough = answered.load(Ordering::Relaxed) + 200;
    for _ in 0..12_000 {
        if answered.load(Ordering::Relaxed) >= enough {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
