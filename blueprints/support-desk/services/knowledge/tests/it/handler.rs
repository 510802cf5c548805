//! What customers say of answers makes later ones better, however often and in whichever order it
//! arrives.

use axum::http::StatusCode;
use knowledge::handler::Events;
use knowledge::sample_data;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::search::{of_another, titles};
use crate::support::Service;
use crate::support::inbox::{Inbox, event};

/// The service with its articles, which handles events.
async fn start() -> (Service, Inbox) {
    let service = Service::start().await;
    sample_data::load(&service.database).await.unwrap();
    let inbox = Inbox::start(Events, 1, &service);
    (service, inbox)
}

async fn tell(service: &Service, id: &str, data: &Value) {
    let answer = service.tell(&event("answer.rated", id, data)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
}

async fn newsletter(service: &Service) -> Value {
    let found = service
        .call("GET", "/articles?topic=account&limit=100")
        .await;
    let articles = found.body.as_array().unwrap().iter();
    let mut articles = articles.filter(|article| article["title"] == "Newsletter");
    articles.next().unwrap()["id"].clone()
}

#[tokio::test]
async fn an_article_that_helped_is_found_for_questions_like_that() {
    let (service, inbox) = start().await;
    let question = json!({ "text": "Stop the weekly advertising leaflets" });
    assert!(
        !titles(&service, &question)
            .await
            .contains(&"Newsletter".to_owned())
    );
    let rating = |helpful, revision| {
        json!({
            "question": Uuid::from_u128(1), "text": "Why do I get advertising leaflets?",
            "helpful": helpful, "revision": revision,
        })
    };
    let article = newsletter(&service).await;
    let of = |mut rating: Value| {
        rating["article"] = article.clone();
        rating
    };
    // Twice, and what was said before arrives after it.
    tell(&service, "2", &of(rating(true, 2))).await;
    tell(&service, "2", &of(rating(true, 2))).await;
    tell(&service, "1", &of(rating(false, 1))).await;
    inbox.settled().await;
    assert_eq!(titles(&service, &question).await[0], "Newsletter");
    let another = of_another(&service, &question).await;
    assert_eq!(another["hits"][0]["title"], "Newsletter");
    // The customer has changed their mind.
    tell(&service, "3", &of(rating(false, 3))).await;
    inbox.settled().await;
    assert!(
        !titles(&service, &question)
            .await
            .contains(&"Newsletter".to_owned())
    );
    inbox.stop().await;
}

#[tokio::test]
async fn any_order_of_events_ends_alike() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let mut seen = Vec::new();
    for order in orders {
        let (service, inbox) = start().await;
        let article = newsletter(&service).await;
        for number in order.into_iter().chain(order) {
            let data = json!({
                "question": Uuid::from_u128(1), "article": article, "text": "leaflets",
                "helpful": number % 2 == 0, "revision": number + 1,
            });
            tell(&service, &number.to_string(), &data).await;
        }
        inbox.settled().await;
        let question = json!({ "text": "leaflets" });
        let found = service.call_with("POST", "/search", &question).await.body;
        seen.push(found["hits"][0]["score"].clone());
        inbox.stop().await;
    }
    assert_eq!(seen, vec![json!(0.333); 6]);
}
