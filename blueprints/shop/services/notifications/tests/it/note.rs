//! What people are told.

use serde_json::{Value, json};

use crate::support::{Service, event};

/// An event with data of its own.
fn of(kind: &str, id: &str, data: Value) -> Value {
    let mut event = event(kind, id);
    event["data"] = data;
    event
}

#[tokio::test]
async fn customers_and_the_shop_are_told_once_what_concerns_them() {
    let service = Service::start().await;
    let confirmed = json!({ "order": "o-1", "customer": "ada", "total": "39.90" });
    let confirmed = of("order.confirmed", "1", confirmed);
    let cancelled = json!({ "order": "o-2", "customer": "ada", "reason": "No stock." });
    let low = json!({ "product": "lamp", "available": 4 });
    service.tell(&confirmed).await;
    service.tell(&confirmed).await;
    service.tell(&of("order.cancelled", "2", cancelled)).await;
    service.tell(&of("stock.low", "3", low)).await;
    let counts = ["order.cancelled", "order.confirmed", "stock.low"];
    let counts = counts.map(|kind| json!({ "type": kind, "count": 1 }));
    service.counts(&json!(counts)).await;

    let notes = service.get("/notes").await.body;
    let notes = notes.as_array().unwrap().iter();
    let mut notes: Vec<(&str, &str)> = notes
        .map(|note| {
            (
                note["recipient"].as_str().unwrap(),
                note["text"].as_str().unwrap(),
            )
        })
        .collect();
    notes.sort_unstable();
    assert_eq!(
        notes,
        [
            ("ada", "Your order o-1 of 39.90 is confirmed."),
            ("ada", "Your order o-2 is cancelled: No stock."),
            ("shop", "Only 4 left of lamp."),
        ]
    );
    service.stop().await;
}
