//! What the service is told by events, twice and in any order.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chassis::app::{self, Limits};
use chassis::{Background, inbox};
use features::handler::Events;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::sleep;
use tower::ServiceExt;

use crate::support::{Service, cache};

/// A service that handles events, with one cache for these and for requests.
struct Told {
    router: Router,
    background: Background,
    _service: Service,
}

/// The payments of a card, a quarter of an hour apart.
fn payments() -> Vec<Value> {
    let payment = |number: u32| {
        json!({
            "transaction": format!("0197a1b2-c3d4-7e5f-8a6b-{number:012}"),
            "card": "c-1",
            "amount": format!("{}.00", 10 * number),
            "country": if number == 3 { "FR" } else { "DE" },
            "at": format!("2026-03-31T{:02}:{:02}:00Z", 9 + number / 4, 15 * (number % 4)),
            "decision": "approve",
            "score": 12,
            "reasons": [],
            "features": null,
        })
    };
    (1..=8).map(payment).collect()
}

impl Told {
    async fn start() -> Self {
        let service = Service::start().await;
        let (cache, database) = (cache(), service.database.clone());
        let settings = inbox::Settings {
            nats_url: String::new(),
            attempts: 3,
            concurrency: 2,
            retention: Duration::from_hours(1),
        };
        let background = Background::default();
        let router = app::build(features::api(&cache), database.clone(), Limits::default());
        let handlers = Events {
            database: database.clone(),
            cache,
        };
        inbox::start(handlers, &settings, "here", &database, &background);
        Self {
            router,
            background,
            _service: service,
        }
    }

    async fn post(&self, path: &str, content_type: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(path).header("content-type", content_type);
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn tell(&self, id: &str, data: &Value) {
        let event = json!({
            "specversion": "1.0", "source": "/ingest", "id": id,
            "type": "transaction.assessed", "data": data,
        });
        let content_type = "application/cloudevents+json";
        let (status, _) = self.post("/events", content_type, &event).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }

    /// The features of a payment of 90.00 in France, when the card has so many movements that day.
    async fn features(&self, count: f64) -> Value {
        let question = json!({
            "transaction": "0197a1b2-c3d4-7e5f-8a6b-000000000099",
            "card": "c-1",
            "amount": "90.00",
            "country": "FR",
            "at": "2026-03-31T11:30:00Z",
        });
        for _ in 0..1500 {
            let (status, body) = self.post("/features", "application/json", &question).await;
            assert_eq!(status, StatusCode::OK, "{body}");
            if body["day_count"] == json!(count) {
                return body;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("it was not told of {count} payments");
    }
}

#[tokio::test]
async fn events_twice_and_in_any_order_make_the_same_features() {
    for reversed in [false, true] {
        let service = Told::start().await;
        let mut payments = payments();
        if reversed {
            payments.reverse();
        }
        for (index, payment) in payments.iter().enumerate() {
            // Once more under the same id, and told anew under another one.
            service.tell(&index.to_string(), payment).await;
            service.tell(&index.to_string(), payment).await;
            service.tell(&format!("again-{index}"), payment).await;
        }
        let expected = json!({
            "amount": 90.0, "hour_count": 3.0, "day_count": 8.0, "day_sum": 360.0, "ratio": 2.0,
            "new_country": 0.0, "first": 0.0, "night": 0.0,
        });
        assert_eq!(service.features(8.0).await, expected);

        // Another one changes them, whatever is cached.
        let mut more = payments[0].clone();
        more["transaction"] = json!("0197a1b2-c3d4-7e5f-8a6b-000000000009");
        more["at"] = json!("2026-03-31T11:15:00Z");
        more["amount"] = json!("45.00");
        service.tell("more", &more).await;
        let after = service.features(9.0).await;
        assert_eq!(
            (&after["hour_count"], &after["day_sum"], &after["ratio"]),
            (&json!(4.0), &json!(405.0), &json!(2.0))
        );
        service.background.stop().await;
    }
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused() {
    let service = Service::start().await;
    let question = json!({ "card": "", "amount": "-1.00", "country": "Germany", "at": "now" });
    let refused = service.call_with("POST", "/features", &question).await;
    let blamed = refused.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["amount", "at", "card", "country", "transaction"]);
}
