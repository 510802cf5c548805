//! What holds for every request: events are read in both of their forms, what is none is refused
//! with a problem, the committed API document is the true one.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chassis::inbox::Handler;
use serde_json::{Value, json};

use crate::support::{Events, Service, event};

const TYPE: &str = Events::TYPES[0];
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn openapi_json_is_up_to_date() {
    let api = agents::api();
    let document = api.into_openapi();
    let current = chassis::docs::to_json(document);
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(FILE, &current).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == current,
        "openapi.json differs from the code; `just openapi` writes it anew"
    );
}

#[tokio::test]
async fn events_may_come_with_headers_instead() {
    let service = Service::start().await;
    let data = event(TYPE, "1")["data"].to_string();
    let request = Request::post("/events")
        .header("ce-specversion", "1.0")
        .header("ce-source", "/dialogue")
        .header("ce-id", "1")
        .header("ce-type", TYPE)
        .header("content-type", "application/json");
    let answer = service.send(request.body(Body::from(data)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    // The same one in its other form.
    service.tell(&event(TYPE, "1")).await;
    service.tell(&event(TYPE, "2")).await;
    let expected = json!([{ "type": TYPE, "count": 2 }]);
    service.counts(&expected).await;
    service.stop().await;
}

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let service = Service::start().await;
    let mut wrong = event(TYPE, "");
    wrong["specversion"] = json!("0.3");
    let answer = service.tell(&wrong).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.content_type, "application/problem+json");
    let blamed: Vec<&Value> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["field"])
        .collect();
    assert_eq!(blamed, ["specversion", "id"]);

    let answer = service.tell(&json!([])).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let request = Request::post("/events").body(Body::from("{}")).unwrap();
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
