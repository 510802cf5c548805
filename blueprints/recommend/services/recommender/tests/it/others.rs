//! The other services, played by the test: one profile, one category, and the views and orders that
//! events told of.

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use chassis::Timestamp;
use chassis::client::Address;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

/// A user who likes gardens best.
pub const GARDENER: Uuid = Uuid::from_u128(7);

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// All of them at one address.
pub async fn others() -> Address {
    let app = Router::new()
        .route("/profiles/{id}", get(profile))
        .route("/products", get(products))
        .route("/views", get(views))
        .route("/orders", get(orders));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(listener.local_addr().unwrap().port());
    tokio::spawn(axum::serve(listener, app).into_future());
    address
}

async fn profile(Path(id): Path<Uuid>) -> Response {
    let now = Timestamp::now();
    let profile = json!({
        "id": id, "name": "Ada", "favourite": "garden", "created_at": now, "updated_at": now,
    });
    match id {
        GARDENER => Json(profile).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn products(Query(query): Query<Vec<(String, String)>>) -> Json<Value> {
    assert!(
        query.contains(&("category".to_owned(), "garden".to_owned())),
        "{query:?}"
    );
    let now = Timestamp::now();
    Json(json!([{
        "id": id(13), "name": "Rake", "description": "..", "category": "garden", "price": "1.00",
        "created_at": now, "updated_at": now,
    }]))
}

async fn views() -> Json<Value> {
    let now = Timestamp::now();
    Json(json!([{
        "id": id(1), "user": id(2), "product": id(11), "created_at": now, "updated_at": now,
    }]))
}

/// Two pages.
async fn orders(Query(query): Query<Vec<(String, String)>>) -> (HeaderMap, Json<Value>) {
    let now = Timestamp::now();
    let order = |user: u128, product: u128| {
        json!({
            "id": id(product), "user": id(user), "product": id(product), "quantity": 1,
            "created_at": now, "updated_at": now,
        })
    };
    let mut headers = HeaderMap::new();
    if query.iter().any(|(name, _)| name == "cursor") {
        return (headers, Json(json!([order(3, 13)])));
    }
    let next = "</orders?limit=100&cursor=next>; rel=\"next\"";
    headers.insert("link", next.parse().unwrap());
    (headers, Json(json!([order(1, 11), order(1, 12)])))
}
