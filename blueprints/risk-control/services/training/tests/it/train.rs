//! A training, with cases that people decided.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::Query;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use axum::{Json, Router};
use chassis::app::{self, Limits};
use chassis::client::Address;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;
use training::examples::decided;

use crate::support::subscriber::Subscriber;
use crate::support::{Service, clients};

/// A case that was fraud, or one that was opened by default.
fn case(number: u32, features: &Value) -> Value {
    json!({
        "id": format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"),
        "transaction": format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"),
        "card": "c-1", "amount": "12.50", "decision": "review", "reasons": [],
        "features": features, "status": "fraud",
        "created_at": "2026-03-31T12:00:00Z", "updated_at": "2026-03-31T12:00:00Z",
    })
}

/// Cases: one fraud on each of two pages, one without features, nothing that was legitimate.
async fn cases() -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let list = async |Query(asked): Query<HashMap<String, String>>| {
        let features = json!({
            "amount": 900.0, "hour_count": 0.0, "day_count": 1.0, "day_sum": 20.0, "ratio": 9.0,
            "new_country": 1.0, "first": 0.0, "night": 0.0,
        });
        if asked["status"] != "fraud" {
            return ([(header::LINK, String::new())], Json(json!([])));
        }
        if asked.contains_key("cursor") {
            let rest = json!([case(2, &Value::Null), case(3, &features)]);
            return ([(header::LINK, String::new())], Json(rest));
        }
        let next = "</cases?status=fraud&limit=100&cursor=more>; rel=\"next\"".to_owned();
        ([(header::LINK, next)], Json(json!([case(1, &features)])))
    };
    let app = Router::new().route("/cases", get(list));
    tokio::spawn(axum::serve(listener, app).into_future());
    Address::local(port)
}

async fn train(service: &Service, cases: &Address) -> (StatusCode, Value) {
    let api = training::api(&clients(cases));
    let app = app::build(api, service.database.clone(), Limits::default());
    let request = Request::post("/trainings");
    let request = request.body(Body::empty()).unwrap();
    let answer = app.oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn a_training_publishes_a_candidate_with_its_metrics() {
    let service = Service::start().await;
    let mut events = Subscriber::start(&service.database, "").await;
    let cases = cases().await;
    let (status, first) = train(&service, &cases).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let metrics = &first["metrics"];
    assert_eq!(metrics["of_cases"], 2, "{metrics}");
    // One in twenty is fraud: who always says so is surprised by 0.2.
    assert!(metrics["log_loss"].as_f64().unwrap() < 0.18, "{metrics}");
    assert!(
        metrics["log_loss_set_aside"].as_f64().unwrap() < 0.19,
        "{metrics}"
    );
    let names = first["document"]["terms"].as_array().unwrap().iter();
    let names: Vec<&Value> = names.map(|term| &term["feature"]).collect();
    assert_eq!(names[..2], ["amount", "hour_count"]);

    let event = events.next().await;
    assert_eq!(event["type"], "candidate.created");
    assert_eq!(event["data"]["document"], first["document"]);
    assert_eq!(event["data"]["metrics"], first["metrics"]);
    // What is learnt depends on the past, on nothing else.
    let (_, second) = train(&service, &cases).await;
    assert_eq!(second["document"], first["document"]);
    assert_eq!(second["id"], 2);
    events.stop().await;
}

#[tokio::test]
async fn without_the_cases_nothing_is_trained() {
    let service = Service::start().await;
    let (status, problem) = train(&service, &Address::local(1)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    let candidates = service.call("GET", "/candidates").await;
    assert_eq!(candidates.body, json!([]));
}

#[tokio::test]
async fn all_pages_of_cases_are_learnt_from() {
    let clients = clients(&cases().await);
    let examples = decided(&clients.cases).await.unwrap();
    assert_eq!(examples.len(), 2);
    assert!(examples.iter().all(|example| example.fraud));
    let ten = 10.0_f64.ln();
    assert!((examples[0].values[4] - ten).abs() < 1e-12);
}
