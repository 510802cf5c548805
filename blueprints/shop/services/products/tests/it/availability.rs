//! Whether there is enough, as far as inventory tells.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use chassis::Timestamp;
use chassis::app::{self, Limits};
use chassis::client::{self, Address};
use http_body_util::BodyExt;
use products::clients::{Addresses, Clients};
use products::sample;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{Service, cache};

const LAMP: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000001";

/// What customers are told of a product when inventory is at this address.
async fn told(address: &Address, product: &str) -> (StatusCode, Value) {
    let service = Service::start().await;
    sample::load(&service.database).await.unwrap();
    let inventory = address.clone();
    let clients = Clients::new(&Addresses { inventory }, &client::Settings::default());
    let api = products::api(&cache(), &clients.unwrap());
    let app = app::build(api, service.database.clone(), Limits::default());
    let request = Request::get(format!("/products/{product}/availability"));
    let answer = app.oneshot(request.body(Body::empty()).unwrap());
    let answer = answer.await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

/// Inventory, which gives the same answer to all: it has so much, or knows nothing of it.
async fn inventory(available: Option<i64>) -> Address {
    let now = Timestamp::now();
    let item = |available| {
        json!({
            "id": LAMP, "product": LAMP, "available": available, "created_at": now,
            "updated_at": now,
        })
    };
    let items: Value = available.map(item).into_iter().collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(listener.local_addr().unwrap().port());
    let app = Router::new().route("/items", get(async move || Json(items)));
    tokio::spawn(axum::serve(listener, app).into_future());
    address
}

#[tokio::test]
async fn customers_are_told_what_runs_low() {
    for (available, expected) in [
        (Some(100), "enough"),
        (Some(5), "enough"),
        (Some(4), "low"),
        (Some(0), "none"),
        (None, "none"),
    ] {
        let address = inventory(available).await;
        let told = told(&address, LAMP).await;
        let expected = json!({ "product": LAMP, "stock": expected });
        assert_eq!(told, (StatusCode::OK, expected));
    }
}

#[tokio::test]
async fn without_inventory_nobody_knows_and_products_are_shown_all_the_same() {
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(nowhere.local_addr().unwrap().port());
    drop(nowhere);
    let (status, body) = told(&address, LAMP).await;
    assert_eq!(
        (status, &body["stock"]),
        (StatusCode::OK, &json!("unknown"))
    );
}

#[tokio::test]
async fn what_is_not_sold_has_no_stock_either() {
    let address = inventory(None).await;
    let (status, _) = told(&address, &Uuid::nil().to_string()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
