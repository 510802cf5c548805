//! What the service is told by events, twice and in any order.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::Service;
use crate::support::inbox::{Inbox, event};

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

async fn tell(service: &Service, id: &str, data: &Value) {
    let answer = service.tell(&event("transaction.assessed", id, data)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
}

/// The features of a payment of 90.00 in France, when the card has so many movements that day.
async fn features(service: &Service, count: f64) -> Value {
    let question = json!({
        "transaction": "0197a1b2-c3d4-7e5f-8a6b-000000000099",
        "card": "c-1",
        "amount": "90.00",
        "country": "FR",
        "at": "2026-03-31T11:30:00Z",
    });
    for _ in 0..1500 {
        let answer = service.call_with("POST", "/features", &question).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        if answer.body["day_count"] == json!(count) {
            return answer.body;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("it was not told of {count} payments");
}

#[tokio::test]
async fn events_twice_and_in_any_order_make_the_same_features() {
    for reversed in [false, true] {
        let service = Service::start().await;
        let inbox = Inbox::start(service.handlers.clone(), 3, &service);
        let mut payments = payments();
        if reversed {
            payments.reverse();
        }
        for (index, payment) in payments.iter().enumerate() {
            // Once more under the same id, and told anew under another one.
            tell(&service, &index.to_string(), payment).await;
            tell(&service, &index.to_string(), payment).await;
            tell(&service, &format!("again-{index}"), payment).await;
        }
        let expected = json!({
            "amount": 90.0, "hour_count": 3.0, "day_count": 8.0, "day_sum": 360.0, "ratio": 2.0,
            "new_country": 0.0, "first": 0.0, "night": 0.0,
        });
        assert_eq!(features(&service, 8.0).await, expected);

        // Another one changes them, whatever is cached.
        let mut more = payments[0].clone();
        more["transaction"] = json!("0197a1b2-c3d4-7e5f-8a6b-000000000009");
        more["at"] = json!("2026-03-31T11:15:00Z");
        more["amount"] = json!("45.00");
        tell(&service, "more", &more).await;
        let after = features(&service, 9.0).await;
        assert_eq!(
            (&after["hour_count"], &after["day_sum"], &after["ratio"]),
            (&json!(4.0), &json!(405.0), &json!(2.0))
        );
        inbox.stop().await;
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
