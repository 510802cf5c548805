//! Placing orders, as customers see it.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Service;
use crate::support::database::TestDatabase;
use crate::support::others::{LAMP, Others};
use crate::support::subscriber::Subscriber;

fn lamps(quantity: i64) -> Value {
    json!({ "product": LAMP, "quantity": quantity })
}

#[tokio::test]
async fn an_order_is_paid_for_and_its_stock_held() {
    let database = TestDatabase::create().await;
    let others = Others::start(5, 10_000, None).await;
    let service = Service::start(&database.url, &others).await;
    let placed = service.place(None, &lamps(2)).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.body);
    assert_eq!(
        (
            &placed.body["status"],
            &placed.body["total"],
            &placed.body["customer"]
        ),
        (
            &json!("confirmed"),
            &json!("20.00"),
            &json!(service.customer)
        )
    );
    assert_eq!(others.left(), (3, 8000));

    let read = service.call("GET", placed.header("location")).await;
    assert_eq!(read.body, placed.body);
    assert_eq!(
        service.call("GET", "/orders").await.body,
        json!([placed.body])
    );
    let mut events = Subscriber::start(&service.database, "").await;
    let event = events.next().await;
    let data = json!({
        "order": placed.body["id"], "customer": service.customer, "total": "20.00",
    });
    assert_eq!(
        (&event["type"], &event["data"]),
        (&json!("order.confirmed"), &data)
    );
    events.stop().await;

    // To others there is no such order.
    let eve = Uuid::now_v7();
    let request = Request::get(placed.header("location"));
    let request = request.body(Body::empty()).unwrap();
    let hidden = service.send_as(eve, request).await;
    hidden.problem(StatusCode::NOT_FOUND);
    let request = Request::get("/orders").body(Body::empty()).unwrap();
    assert_eq!(service.send_as(eve, request).await.body, json!([]));
}

#[tokio::test]
async fn what_cannot_be_had_or_paid_leaves_nothing_behind() {
    let database = TestDatabase::create().await;
    let others = Others::start(5, 3000, None).await;
    let service = Service::start(&database.url, &others).await;
    for quantity in [6, 4] {
        let placed = service.place(None, &lamps(quantity)).await;
        let told = (placed.status, &placed.body["status"]);
        assert_eq!(told, (StatusCode::CREATED, &json!("cancelled")));
        assert!(placed.body["reason"].is_string(), "{}", placed.body);
        assert_eq!(others.left(), (5, 3000));
    }
}

#[tokio::test]
async fn a_request_that_is_sent_again_places_one_order() {
    let database = TestDatabase::create().await;
    let others = Others::start(5, 10_000, None).await;
    let service = Service::start(&database.url, &others).await;
    let first = service.place(Some("a-key"), &lamps(2)).await;
    for _ in 0..2 {
        let again = service.place(Some("a-key"), &lamps(2)).await;
        assert_eq!(
            (again.status, &again.body),
            (StatusCode::CREATED, &first.body)
        );
        assert_eq!(again.header("location"), first.header("location"));
    }
    assert_eq!(others.left(), (3, 8000));
    let other = service.place(Some("a-key"), &lamps(1)).await;
    let blamed = other.problem(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(blamed, ["idempotency-key"]);

    let key = Some("another");
    let (here, there) = (lamps(1), lamps(1));
    let (one, other) = tokio::join!(service.place(key, &here), service.place(key, &there));
    assert_eq!(one.body["id"], other.body["id"]);
    assert_eq!(others.left(), (2, 7000));
}

#[tokio::test]
async fn a_customer_decides_about_product_and_quantity_alone() {
    let database = TestDatabase::create().await;
    let others = Others::start(5, 10_000, None).await;
    let service = Service::start(&database.url, &others).await;
    let mut cheap = lamps(1);
    cheap["total"] = json!("0.01");
    cheap["customer"] = json!(Uuid::now_v7());
    let refused = service.place(None, &cheap).await;
    let blamed = refused.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["customer", "total"]);
    for quantity in [0, -1, 1001] {
        let refused = service.place(None, &lamps(quantity)).await;
        assert_eq!(refused.problem(StatusCode::BAD_REQUEST), ["quantity"]);
    }
    let unknown = json!({ "product": Uuid::nil(), "quantity": 1 });
    let unknown = service.place(None, &unknown).await;
    let blamed = unknown.problem(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(blamed, ["product"]);
    assert_eq!(service.call("GET", "/orders").await.body, json!([]));
    assert_eq!(others.left(), (5, 10_000));
}
