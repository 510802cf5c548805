//! Recommendations follow what users do, whoever is away and however events arrive.

use axum::http::StatusCode;
use chassis::client::Address;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::others::{GARDENER, id, others};
use crate::support::inbox::{Inbox, event};
use crate::support::{Service, nobody};

/// An event of a user and a product.
fn of(kind: &str, user: u128, product: u128) -> Value {
    let data = json!({ "user": id(user), "product": id(product) });
    event(kind, &format!("{kind}-{user}-{product}"), &data)
}

/// User 1 has bought 11 and 12, user 2 has looked at 11, user 3 has bought 13.
fn told() -> [Value; 4] {
    [
        of("order.created", 1, 11),
        of("order.created", 1, 12),
        of("view.created", 2, 11),
        of("order.created", 3, 13),
    ]
}

/// The service among others, and its inbox.
async fn among(others: &Address) -> (Service, Inbox) {
    let service = Service::start_among(others).await;
    let inbox = Inbox::start(service.handlers.clone(), 1, &service);
    (service, inbox)
}

async fn tell(service: &Service, inbox: &Inbox, events: &[Value]) {
    for event in events {
        service.tell(event).await;
    }
    assert!(inbox.dead_letters().await.is_empty());
}

/// What is recommended to a user: products and reasons.
async fn recommended(service: &Service, user: Uuid) -> (Vec<(u128, String)>, Value) {
    let answer = service
        .call("GET", &format!("/recommendations/{user}"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let products = answer.body["products"].as_array().unwrap().iter();
    let products = products.map(|product| {
        let id: Uuid = product["product"].as_str().unwrap().parse().unwrap();
        (
            id.as_u128(),
            product["because"].as_str().unwrap().to_owned(),
        )
    });
    (products.collect(), answer.body["missing"].clone())
}

fn because(products: &[(u128, &str)]) -> Vec<(u128, String)> {
    let owned = |(product, why): &(u128, &str)| (*product, (*why).to_owned());
    products.iter().map(owned).collect()
}

#[tokio::test]
async fn recommendations_change_as_events_arrive() {
    let (service, inbox) = among(&others().await).await;
    assert_eq!(recommended(&service, id(2)).await.0, []);
    tell(&service, &inbox, &told()).await;
    // Who has looked at 11 may like 12, as user 1 does; and else what is popular.
    let (second, missing) = recommended(&service, id(2)).await;
    assert_eq!(
        second,
        because(&[(12, "alike"), (11, "popular"), (13, "popular")])
    );
    assert_eq!(missing, Value::Null);
    let alike = service
        .call("GET", &format!("/alike/{}", id(11)))
        .await
        .body;
    assert_eq!(alike[0]["product"], json!(id(12)));
    // What one has bought is recommended no more.
    let mut more = told().to_vec();
    more.push(of("order.created", 2, 12));
    tell(&service, &inbox, &more).await;
    let second = recommended(&service, id(2)).await.0;
    assert_eq!(second, because(&[(11, "alike"), (13, "popular")]));
    inbox.stop().await;
}

#[tokio::test]
async fn who_is_new_gets_what_is_popular_where_they_like_it() {
    let (service, inbox) = among(&others().await).await;
    tell(&service, &inbox, &told()).await;
    let (gardener, missing) = recommended(&service, GARDENER).await;
    let expected = [(13, "favourite"), (11, "popular"), (12, "popular")];
    assert_eq!((gardener, missing), (because(&expected), Value::Null));
    // Nobody knows this one.
    let (stranger, missing) = recommended(&service, id(99)).await;
    let expected = [(11, "popular"), (12, "popular"), (13, "popular")];
    assert_eq!((stranger, missing), (because(&expected), Value::Null));
    inbox.stop().await;
}

#[tokio::test]
async fn without_profiles_popular_products_are_better_than_nothing() {
    let (service, inbox) = among(&nobody()).await;
    tell(&service, &inbox, &told()).await;
    let (gardener, missing) = recommended(&service, GARDENER).await;
    let expected = [(11, "popular"), (12, "popular"), (13, "popular")];
    assert_eq!((gardener, missing), (because(&expected), json!("profiles")));
    inbox.stop().await;
}

#[tokio::test]
async fn any_order_of_events_ends_alike_and_what_is_lost_is_read_again() {
    let told = told();
    let mut seen = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let (service, inbox) = among(&others().await).await;
        let twice = order.into_iter().chain(order);
        let events: Vec<_> = twice.map(|number| told[number].clone()).collect();
        tell(&service, &inbox, &events).await;
        seen.push(
            service
                .call("GET", &format!("/recommendations/{}", id(2)))
                .await
                .body,
        );
        inbox.stop().await;
    }
    // A service that has lost all events.
    let (service, inbox) = among(&others().await).await;
    for _ in 0..2 {
        let rebuilt = service.call("POST", "/rebuild").await;
        assert_eq!(
            (rebuilt.status, &rebuilt.body["read"]),
            (StatusCode::OK, &json!(4))
        );
    }
    seen.push(
        service
            .call("GET", &format!("/recommendations/{}", id(2)))
            .await
            .body,
    );
    inbox.stop().await;
    assert!(seen.iter().all(|body| *body == seen[0]), "{seen:#?}");
}
