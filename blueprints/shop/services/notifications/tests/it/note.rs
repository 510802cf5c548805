//! What people are told.

use notifications::handler::Events;
use serde_json::json;

use crate::support::Service;
use crate::support::inbox::{Inbox, event};

#[tokio::test]
async fn customers_and_the_shop_are_told_once_what_concerns_them() {
    let service = Service::start().await;
    let inbox = Inbox::start(Events, 1, &service);
    let confirmed = json!({ "order": "o-1", "customer": "ada", "total": "39.90" });
    let confirmed = event("order.confirmed", "1", &confirmed);
    let cancelled = json!({ "order": "o-2", "customer": "ada", "reason": "No stock." });
    let low = json!({ "product": "lamp", "available": 4 });
    service.tell(&confirmed).await;
    service.tell(&confirmed).await;
    service
        .tell(&event("order.cancelled", "2", &cancelled))
        .await;
    service.tell(&event("stock.low", "3", &low)).await;
    assert!(inbox.dead_letters().await.is_empty());
    inbox.stop().await;

    let notes = service.call("GET", "/notes").await.body;
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
}
