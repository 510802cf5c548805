//! Services that tell and hear of events: each arrives, has one effect, and is lost by no kill.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{JSON, Postgres, ask, make, passes_its_own_checks, project};
use crate::support::Msvc;
use crate::support::generated::{Up, cargo, program};
use crate::support::service::{free_port, get};
use crate::support::shared::{Shared, shared};

const ORDER: &str = r#"{"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"}"#;

/// Another entity, and events beside the one that a new service publishes: of entities, and one that is no entity's.
const MORE: &str = "  invoice:
    id: integer
    fields: { order: { type: uuid, references: order }, note: { type: text, optional: true } }
publishes: # more than at first
  order.updated: { schema: { id: uuid, status: string, updated_at: datetime } }
  order.deleted: { schema: { id: uuid } }
  invoice.created: { schema: { id: integer, order: uuid, note: text? } }
  order.placed: { schema: { order: uuid, total: decimal, at: datetime?, day: date, extra: json } }
";

/// The service that is killed.
fn sales() -> Shared {
    shared("sales", |parent| make(parent, "sales", &["events=outbox"]))
}

fn worker(name: &str) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &["new", name, "--yes", "--template", "worker"]).run().success();
    let dir = parent.path().join(name);
    (parent, dir)
}

#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_mins(2);
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn events_are_told_over_http_and_take_effect_once() {
    let (_parent, sales) = project("sales", &["events=outbox"]);
    let file = sales.join("msvc.yaml");
    let declared = std::fs::read_to_string(&file).unwrap();
    let (head, tail) = declared.split_once("publishes:").unwrap();
    let tail = tail.split_once('\n').unwrap().1;
    std::fs::write(&file, format!("{head}{MORE}{tail}")).unwrap();
    Msvc::new(&sales, &["add", "entity", "invoice"]).run().success();
    insta::assert_snapshot!("events", std::fs::read_to_string(sales.join("src/events.rs")).unwrap());
    passes_its_own_checks(&sales);

    let (_parent, mailer) = worker("mailer");
    let hears = Up::start(&mailer, &[]);
    // Told twice of everything.
    let subscribers = format!("{0}/events,{0}/events?again", hears.url);
    let tells = Up::start(&sales, &[("EVENT_SUBSCRIBERS", &subscribers)]);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let (status, _, created) = ask(&tells.url, "POST", "/orders", Some((JSON, ORDER)));
        assert_eq!(status, 201, "{created}");
        ids.push(created["id"].as_str().unwrap().to_owned());
    }
    let counted = json!([{ "type": "order.created", "count": 3 }]);
    eventually("three orders are counted", || ask(&hears.url, "GET", "/tallies", None).2 == counted);
    // All of both deliveries has arrived by now, the updates are of no interest to it.
    let changed = format!("/orders/{}", ids[0]);
    assert_eq!(ask(&tells.url, "PUT", &changed, Some((JSON, ORDER))).0, 200);
    assert_eq!(ask(&tells.url, "DELETE", &changed, None).0, 204);
    // To each of the two.
    let sent = || get(&format!("{}/metrics", tells.management)).unwrap().contains("outbox_sent_total{receiver=");
    let waiting = || get(&format!("{}/metrics", tells.management)).unwrap().contains("outbox_waiting 0");
    eventually("all events are sent", || sent() && waiting());
    assert_eq!(ask(&hears.url, "GET", "/tallies", None).2, counted);
    assert_eq!(ask(&hears.management, "GET", "/dead-letters", None).2, json!([]));
    assert_eq!(ask(&hears.url, "GET", "/dead-letters", None).0, 404, "only those who run it may");
    assert_eq!((tells.stop(), hears.stop()), (Some(0), Some(0)));
}

#[test]
fn events_that_entities_cannot_give_are_refused() {
    let (_parent, dir) = project("sales", &["events=outbox"]);
    let file = dir.join("msvc.yaml");
    let declared = std::fs::read_to_string(&file).unwrap();
    let told = |from: &str, to: &str| {
        assert!(declared.contains(from), "{declared}");
        std::fs::write(&file, declared.replace(from, to)).unwrap();
        let run = Msvc::new(&dir, &["add", "entity", "order"]).run();
        assert_eq!(run.code, Some(2), "{run}");
        run.stderr
    };
    let mut all = told("      total: decimal\n", "      total: integer\n");
    all += &told("      total: decimal\n", "      totl: decimal\n");
    all += &told("      total: decimal\n", "      total: decmal\n");
    insta::assert_snapshot!("refused_events", all);

    let (_parent, dir) = worker("mailer");
    let run = Msvc::new(&dir, &["add", "entity", "order", "item:string"]).run();
    assert_eq!(run.code, Some(2), "{run}");
    insta::assert_snapshot!("entity_of_a_worker", run.stderr);
    let of_nothing = ["new", "idle", "--yes", "--template", "worker", "--set", "subscribes="];
    let run = Msvc::new(dir.parent().unwrap(), &of_nothing).run();
    assert_eq!(run.code, Some(2), "{run}");
    insta::assert_snapshot!("worker_without_events", run.stderr);
}

#[test]
fn services_that_cannot_hear_events_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    let new = |args: &[&str]| Msvc::new(parent.path(), &[&["new", "--yes", "--quiet"], args].concat()).run();
    new(&["stock", "--template", "grpc"]).success();
    let stock = parent.path().join("stock");
    let declared = std::fs::read_to_string(stock.join("msvc.yaml")).unwrap();
    std::fs::write(stock.join("msvc.yaml"), format!("{declared}subscribes: [payment.settled]\n")).unwrap();
    let grpc = Msvc::new(&stock, &["add", "entity", "order", "note:string:optional"]).run();
    // What it has heard it would keep in its database.
    let without_data = new(&["hello", "--set", "store=none", "--set", "subscribes=payment.settled"]);
    // Its path is where events come in.
    let taken = new(&["log", "--set", "entity=event", "--set", "subscribes=payment.settled"]);
    let refused = [grpc, without_data, taken].map(|run| {
        assert_eq!(run.code, Some(2), "{run}");
        run.stderr
    });
    insta::assert_snapshot!(refused.concat());
}

/// One that gets events, and knows how often each came and what it is about.
struct Subscriber {
    url: String,
    /// By the event's id: its subject, and how often it came.
    events: Arc<Mutex<BTreeMap<String, (String, u32)>>>,
}

impl Subscriber {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let events = Arc::default();
        let subscriber = Self { url, events: Arc::clone(&events) };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let events = Arc::clone(&events);
                std::thread::spawn(move || while answer(&stream, &events).is_some() {});
            }
        });
        subscriber
    }

    fn subjects(&self) -> BTreeSet<String> {
        self.events.lock().unwrap().values().map(|(subject, _)| subject.clone()).collect()
    }
}

/// Reads one request and answers it; `None` at the end of the connection.
fn answer(mut stream: &TcpStream, events: &Mutex<BTreeMap<String, (String, u32)>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).ok()? > 2 {
        let header = line.to_ascii_lowercase();
        length = header.strip_prefix("content-length:").map_or(length, |n| n.trim().parse().unwrap());
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let event: Value = serde_json::from_slice(&body).ok()?;
    let text = |key: &str| event[key].as_str().unwrap().to_owned();
    assert_eq!(event["subject"], event["data"]["id"]);
    events.lock().unwrap().entry(text("id")).or_insert_with(|| (text("subject"), 0)).1 += 1;
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()
}

/// A service that is killed and started again, always at the same address.
struct Victim {
    program: PathBuf,
    env: Vec<(&'static str, String)>,
    url: String,
    management: String,
    child: Child,
}

impl Victim {
    fn start(dir: &Path, database: &str, subscriber: &Subscriber) -> Self {
        cargo(dir, &["build", "--locked"], &[]);
        let [port, management] = [free_port(), free_port()];
        let env = vec![
            ("PORT", port.to_string()),
            ("MANAGEMENT_PORT", management.to_string()),
            ("DATABASE_URL", database.to_owned()),
            ("EVENT_SUBSCRIBERS", subscriber.url.clone()),
        ];
        let program = program(dir, "sales");
        let address = |port| format!("http://127.0.0.1:{port}");
        let child = Self::spawn(&program, &env);
        Self { program, env, url: address(port), management: address(management), child }
    }

    fn spawn(program: &Path, env: &[(&'static str, String)]) -> Child {
        let mut command = Command::new(program);
        command.envs(env.iter().map(|(name, value)| (name, value))).current_dir(program.parent().unwrap());
        command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
    }

    fn ready(&self) {
        eventually("it is ready", || get(&format!("{}/readyz", self.management)).is_ok_and(|a| a.contains(" 200 ")));
    }

    fn kill_and_start(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = Self::spawn(&self.program, &self.env);
    }

    /// The ids of all orders.
    fn orders(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut path = "/orders?limit=100".to_owned();
        loop {
            let answer = get(&format!("{}{path}", self.url)).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let page: Vec<Value> = serde_json::from_str(body).unwrap();
            all.extend(page.iter().map(|order| order["id"].as_str().unwrap().to_owned()));
            let next = head.lines().find_map(|line| line.strip_prefix("link: <")?.split('>').next());
            let Some(next) = next else { return all };
            next.clone_into(&mut path);
        }
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Those who place orders all the time, and keep the ids of those that were acknowledged.
fn writers(url: &str, stop: &Arc<AtomicBool>, acknowledged: &Arc<Mutex<BTreeSet<String>>>) -> Vec<JoinHandle<()>> {
    let writer = |_| {
        let (url, stop, acknowledged) = (format!("{url}/orders"), Arc::clone(stop), Arc::clone(acknowledged));
        std::thread::spawn(move || {
            let agent = ureq::Agent::new_with_defaults();
            while !stop.load(Ordering::Relaxed) {
                let answer = agent.post(&url).header("content-type", JSON).send(ORDER);
                match answer.and_then(|mut answer| answer.body_mut().read_json::<Value>()) {
                    Ok(order) => drop(acknowledged.lock().unwrap().insert(order["id"].as_str().unwrap().to_owned())),
                    Err(_) => std::thread::sleep(Duration::from_millis(5)),
                }
            }
        })
    };
    (0..3).map(writer).collect()
}

#[expect(clippy::print_stdout, reason = "`just kills` shows what it has seen")]
fn no_kill_loses_an_event(database: &str, kills: u32) {
    let dir = sales();
    let subscriber = Subscriber::start();
    let mut victim = Victim::start(&dir, database, &subscriber);
    victim.ready();
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::default());
    let writers = writers(&victim.url, &stop, &acknowledged);
    for _ in 0..kills {
        std::thread::sleep(Duration::from_millis(rand::random_range(50..500)));
        victim.kill_and_start();
        victim.ready();
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.join().unwrap();
    }
    let orders = victim.orders();
    eventually("all events arrive", || subscriber.subjects().len() >= orders.len());
    assert_eq!(subscriber.subjects(), orders, "each order has an event, and each event an order");
    let acknowledged = acknowledged.lock().unwrap();
    assert!(!acknowledged.is_empty() && acknowledged.is_subset(&orders), "an acknowledged order is lost");
    let events = subscriber.events.lock().unwrap();
    assert_eq!(events.len(), orders.len(), "an order has one event");
    let again = events.values().filter(|(_, times)| *times > 1).count();
    println!("{kills} kills, {} acknowledged, {} orders, {again} events came again", acknowledged.len(), orders.len());
}

/// `just kills` does it a hundred times.
fn kills() -> u32 {
    std::env::var("KILLS").map_or(5, |kills| kills.parse().unwrap())
}

#[test]
fn no_kill_loses_an_event_on_sqlite() {
    no_kill_loses_an_event("sqlite://data/sales.db", kills());
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn no_kill_loses_an_event_on_postgresql() {
    let (_postgres, url) = Postgres::start();
    let (_parent, mailer) = worker("mailer");
    cargo(&mailer, &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
    cargo(&sales(), &["test", "--locked"], &[("TEST_DATABASE_URL", &url)]);
    no_kill_loses_an_event(&url, kills());
}
