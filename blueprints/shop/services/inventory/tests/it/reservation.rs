//! Reservations, as those see them who place orders.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Service;
use crate::support::subscriber::Subscriber;

const PRODUCT: &str = "0197a1b2-c3d4-7e5f-8a6b-0000000000aa";

/// A service with so many of one product.
async fn stocked(available: i64) -> Service {
    let service = Service::start().await;
    let item = json!({ "product": PRODUCT, "available": available });
    let stored = service.call_with("POST", "/items", &item).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
    service
}

fn path() -> String {
    format!("/reservations/{}", Uuid::now_v7())
}

fn some(quantity: i64) -> Value {
    json!({ "product": PRODUCT, "quantity": quantity })
}

async fn available(service: &Service) -> i64 {
    let items = service.call("GET", "/items").await.body;
    items[0]["available"].as_i64().unwrap()
}

#[tokio::test]
async fn stock_is_held_once_and_given_back_once() {
    let service = stocked(10).await;
    let order = path();
    for _ in 0..3 {
        let held = service.call_with("PUT", &order, &some(4)).await;
        assert_eq!(
            (held.status, &held.body["state"]),
            (StatusCode::OK, &json!("held"))
        );
        assert_eq!(available(&service).await, 6);
    }
    let otherwise = service.call_with("PUT", &order, &some(5)).await;
    otherwise.problem(StatusCode::CONFLICT);
    for _ in 0..3 {
        let released = service.call("DELETE", &order).await;
        assert_eq!(released.status, StatusCode::NO_CONTENT);
        assert_eq!(available(&service).await, 10);
    }
    let late = service.call_with("PUT", &order, &some(4)).await;
    late.problem(StatusCode::CONFLICT);
    assert_eq!(service.call("GET", &order).await.body["state"], "released");
}

#[tokio::test]
async fn what_comes_after_its_end_is_too_late() {
    let service = stocked(10).await;
    let order = path();
    service.call("DELETE", &order).await;
    let late = service.call_with("PUT", &order, &some(1)).await;
    late.problem(StatusCode::CONFLICT);
    assert_eq!(available(&service).await, 10);
}

#[tokio::test]
async fn nobody_gets_more_than_there_is() {
    let service = stocked(10).await;
    let orders: Vec<String> = (0..8).map(|_| path()).collect();
    let mut held = 0;
    for order in &orders {
        let answer = service.call_with("PUT", order, &some(3)).await;
        match answer.status {
            StatusCode::OK => held += 1,
            _ => assert!(answer.problem(StatusCode::CONFLICT).is_empty()),
        }
    }
    assert_eq!((held, available(&service).await), (3, 1));
    // Who was refused may ask again when there is some.
    service.call("DELETE", &orders[0]).await;
    let again = service.call_with("PUT", &orders[7], &some(3)).await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn others_are_told_once_what_runs_low() {
    let service = stocked(10).await;
    let mut events = Subscriber::start(&service.database, "").await;
    // 6 are left, 4, and 3.
    for quantity in [4, 2, 1] {
        let held = service.call_with("PUT", &path(), &some(quantity)).await;
        assert_eq!(held.status, StatusCode::OK);
    }
    let event = events.next().await;
    let data = json!({ "product": PRODUCT, "available": 4 });
    assert_eq!(
        (&event["type"], &event["data"]),
        (&json!("stock.low"), &data)
    );
    events.stop().await;
}
