//! Payments, as those see them who place orders.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Service;

fn path() -> String {
    format!("/payments/{}", Uuid::now_v7())
}

fn some(customer: Uuid, amount: &str) -> Value {
    json!({ "customer": customer, "amount": amount })
}

async fn balance(service: &Service, customer: Uuid) -> String {
    let path = format!("/accounts?customer={customer}");
    let accounts = service.call("GET", &path).await.body;
    accounts[0]["balance"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn money_is_taken_once_and_given_back_once() {
    let (service, ada, order) = (Service::start().await, Uuid::now_v7(), path());
    for _ in 0..3 {
        let paid = service.call_with("PUT", &order, &some(ada, "120.50")).await;
        assert_eq!(
            (paid.status, &paid.body["state"]),
            (StatusCode::OK, &json!("taken"))
        );
        assert_eq!(balance(&service, ada).await, "379.50");
    }
    let otherwise = service.call_with("PUT", &order, &some(ada, "1.00")).await;
    otherwise.problem(StatusCode::CONFLICT);
    for _ in 0..3 {
        let refunded = service.call("DELETE", &order).await;
        assert_eq!(refunded.status, StatusCode::NO_CONTENT);
        assert_eq!(balance(&service, ada).await, "500.00");
    }
    let late = service.call_with("PUT", &order, &some(ada, "120.50")).await;
    late.problem(StatusCode::CONFLICT);
    assert_eq!(service.call("GET", &order).await.body["state"], "refunded");
}

#[tokio::test]
async fn what_is_called_off_before_it_came_is_never_taken() {
    let (service, ada, order) = (Service::start().await, Uuid::now_v7(), path());
    service.call("DELETE", &order).await;
    let late = service.call_with("PUT", &order, &some(ada, "1.00")).await;
    late.problem(StatusCode::CONFLICT);
}

#[tokio::test]
async fn nobody_pays_what_they_do_not_have() {
    let (service, ada) = (Service::start().await, Uuid::now_v7());
    let much = service
        .call_with("PUT", &path(), &some(ada, "500.01"))
        .await;
    assert!(much.problem(StatusCode::PAYMENT_REQUIRED).is_empty());
    for amount in ["0", "-1.00"] {
        let nothing = service.call_with("PUT", &path(), &some(ada, amount)).await;
        assert_eq!(nothing.problem(StatusCode::BAD_REQUEST), ["amount"]);
    }
    let all = service
        .call_with("PUT", &path(), &some(ada, "500.00"))
        .await;
    assert_eq!(all.status, StatusCode::OK);
    let more = service.call_with("PUT", &path(), &some(ada, "0.01")).await;
    more.problem(StatusCode::PAYMENT_REQUIRED);
}
