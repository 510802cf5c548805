//! The template `gateway`: it passes its own checks, and leads to a service that runs beside it.

mod rolling;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::passes_its_own_checks;
use crate::support::Msvc;
use crate::support::generated::{Up, cargo, program};

fn project(name: &str, args: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    Msvc::new(parent.path(), &[&["new", name, "--yes"], args].concat()).run().success();
    let dir = parent.path().join(name);
    (parent, dir)
}

/// What was answered: status, headers, JSON body.
struct Answer(u16, ureq::http::HeaderMap, Value);

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.1.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn ask(method: &str, url: &str, body: &Value) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into();
    let request = ureq::http::Request::builder().method(method).uri(url);
    let answer = if body.is_null() {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.header("content-type", "application/json").body(body.to_string()).unwrap())
    };
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    Answer(answer.status().as_u16(), answer.headers().clone(), serde_json::from_str(&text).unwrap_or_default())
}

fn get(url: &str) -> Answer {
    ask("GET", url, &Value::Null)
}

/// The route to orders as a user who wants old answers in bad times changes it.
fn with_old_answers(dir: &Path) {
    let file = dir.join("src/routes.rs");
    let routes = std::fs::read_to_string(&file).unwrap();
    let route = "Route::new(\"/orders\", \"orders\")";
    assert!(routes.contains(route), "{routes}");
    let changed = format!("{route}.stale_for(std::time::Duration::from_mins(1))");
    std::fs::write(&file, routes.replacen(route, &changed, 1)).unwrap();
}

/// Where the methods of a service are that speaks gRPC.
const RPC: &str = "/stock/stock.v1.OrderService";

/// A service that speaks gRPC is asked as if it spoke HTTP/JSON.
fn calls_by_grpc(at: &dyn Fn(&str) -> String, order: &Value) {
    let call = |method: &str, message: &Value| ask("POST", &at(&format!("{RPC}/{method}")), message);
    let created = call("CreateOrder", &json!({ "order": order }));
    assert_eq!(created.0, 200, "{}", created.2);
    assert_eq!((&created.2["total"], &created.2["status"]), (&json!("19.90"), &json!("STATUS_PLACED")));
    assert!(!created.header("x-request-id").is_empty());
    let one = json!({ "id": created.2["id"] });
    assert_eq!(call("GetOrder", &one).2, created.2);
    assert_eq!(call("ListOrders", &json!({ "pageSize": 1 })).2["orders"], json!([created.2]));

    let wrong = call("CreateOrder", &json!({ "order": { "quantity": 0 } }));
    assert_eq!((wrong.0, wrong.header("content-type")), (400, "application/problem+json"));
    let blamed = wrong.2["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap());
    assert!(blamed.clone().any(|field| field == "order.quantity"), "{}", wrong.2);
    assert_eq!(call("DeleteOrder", &one).0, 200);
    assert_eq!(call("GetOrder", &one).0, 404);
    assert_eq!(call("GetOrder", &json!({ "id": 7 })).0, 400);
    assert_eq!(call("Nothing", &json!({})).0, 404);
}

/// A folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_gateway_passes_its_own_checks_and_leads_to_a_service() {
    let (_parent, dir) = project(
        "public-entrance",
        &["--template", "gateway", "--set", "services=orders user-profiles", "--set", "grpc=stock"],
    );
    let (_stock, stock) = project("stock", &["--template", "grpc"]);
    copy(&stock.join("proto"), &dir.join("protos/stock"));
    passes_its_own_checks(&dir);
    // Lines break elsewhere where names are shorter or longer.
    let long = "twenty-six-letters-or-more a-service-of-twenty-six-char";
    for (name, services, accounts) in [("a", "b", "c"), ("the-entrance", long, "all-those-who-can-log-in-here")] {
        let (services, grpc) = (format!("services={services}"), format!("grpc={services}"));
        let accounts = format!("accounts={accounts}");
        let by_http = ["--template", "gateway", "--set", &services];
        let with_tokens = ["--template", "gateway", "--set", &grpc, "--set", "auth=jwt", "--set", &accounts];
        for args in [&by_http[..], &with_tokens] {
            let (_parent, other) = project(name, args);
            cargo(&other, &["fmt", "--all", "--check"], &[]);
        }
    }

    with_old_answers(&dir);
    let (_orders, orders) = project("orders-behind", &[]);
    let (service, stock) = (Up::start(&orders, &[]), Up::start(&stock, &[]));
    let urls = [("ORDERS_URL", &*service.url), ("STOCK_URL", &*stock.url), ("USER_PROFILES_URL", "http://127.0.0.1:9")];
    let gateway = Up::start(&dir, &urls);
    let at = |path: &str| format!("{}{path}", gateway.url);

    let order = json!({"customer": "ada", "item": "lamp", "quantity": 2, "total": "19.90"});
    let created = ask("POST", &at("/orders"), &order);
    assert_eq!(created.0, 201, "{}", created.2);
    let place = created.header("location").to_owned();
    assert_eq!(created.header("via"), "1.1 public-entrance");
    let read = get(&at(&place));
    assert_eq!((read.0, &read.2), (200, &created.2));
    assert_eq!(read.header("etag"), "\"1\"");
    let list = get(&at("/orders?limit=1"));
    assert_eq!((list.0, list.2), (200, json!([created.2])));
    let wrong = ask("POST", &at("/orders"), &json!({"quantity": 0}));
    assert_eq!((wrong.0, wrong.header("content-type")), (400, "application/problem+json"));
    assert!(wrong.2["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{}", wrong.2);

    let document = get(&at("/openapi.json")).2;
    assert!(document["paths"]["/orders/{id}"]["put"].is_object(), "{document}");
    assert!(document["components"]["schemas"]["orders.Order"].is_object(), "{document}");
    assert_eq!(document["x-unavailable"], json!(["user-profiles"]));
    assert!(document["paths"][format!("{RPC}/CreateOrder")]["post"].is_object(), "{document}");
    calls_by_grpc(&at, &order);
    assert_eq!(stock.stop(), Some(0));
    let gone = ask("POST", &at(&format!("{RPC}/ListOrders")), &json!({}));
    assert_eq!((gone.0, gone.header("retry-after")), (503, "1"));
    assert_eq!(get(&at("/docs")).0, 200);
    let away = get(&at("/user-profiles"));
    assert_eq!((away.0, away.header("retry-after")), (503, "1"));

    assert_eq!(service.stop(), Some(0));
    let stale = get(&at(&place));
    assert_eq!((stale.0, stale.header("x-degraded"), &stale.2), (200, "stale", &created.2));
    let unseen = get(&at("/orders?limit=2"));
    assert_eq!((unseen.0, unseen.header("content-type")), (503, "application/problem+json"));
    assert_eq!(ask("DELETE", &at(&place), &Value::Null).0, 503);
    assert_eq!(get(&format!("{}/readyz", gateway.management)).0, 200, "it is there for those that are not");
    assert_eq!(gateway.stop(), Some(0));
    rolling::loses_no_request(&program(&dir, "public-entrance"), &program(&orders, "orders-behind"));
}
