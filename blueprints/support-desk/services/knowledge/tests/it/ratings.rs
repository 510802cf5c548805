//! What customers say of answers makes later ones better, however often and in whichever order it
//! arrives.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chassis::{Background, inbox, read};
use knowledge::handler::Events;
use knowledge::sample_data;
use serde_json::{Value, json};
use sqlx::query_scalar;
use tokio::time::sleep;
use uuid::Uuid;

use crate::search::titles;
use crate::support::Service;

const OPEN: &str = r#"SELECT COUNT(*) FROM "inbox" WHERE "done_at" IS NULL"#;

/// The service with its articles, which handles events.
async fn start() -> (Service, Background) {
    let service = Service::start().await;
    sample_data::load(&service.database).await.unwrap();
    let settings = inbox::Settings {
        nats_url: String::new(),
        attempts: 1,
        concurrency: 2,
        retention: Duration::from_hours(1),
    };
    let background = Background::default();
    inbox::start(Events, &settings, "here", &service.database, &background);
    (service, background)
}

async fn tell(service: &Service, id: &str, data: &Value) {
    let event = json!({
        "specversion": "1.0", "source": "/dialogue", "id": id, "type": "answer.rated", "data": data,
    });
    let request = Request::post("/events").header("content-type", "application/cloudevents+json");
    let request = request.body(Body::from(event.to_string())).unwrap();
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
}

/// Waits until all that arrived is done.
async fn done(service: &Service) {
    for _ in 0..1500 {
        let open = read!(&service.database, |pool| query_scalar(OPEN).fetch_one(pool));
        let open: i64 = open.unwrap();
        if open == 0 {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("events are not handled");
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
    let (service, background) = start().await;
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
    done(&service).await;
    assert_eq!(titles(&service, &question).await[0], "Newsletter");
    let service = service.restarted();
    assert_eq!(titles(&service, &question).await[0], "Newsletter");
    // The customer has changed their mind.
    tell(&service, "3", &of(rating(false, 3))).await;
    done(&service).await;
    assert!(
        !titles(&service, &question)
            .await
            .contains(&"Newsletter".to_owned())
    );
    background.stop().await;
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
        let (service, background) = start().await;
        let article = newsletter(&service).await;
        for number in order.into_iter().chain(order) {
            let data = json!({
                "question": Uuid::from_u128(1), "article": article, "text": "leaflets",
                "helpful": number % 2 == 0, "revision": number + 1,
            });
            tell(&service, &number.to_string(), &data).await;
        }
        done(&service).await;
        let question = json!({ "text": "leaflets" });
        let found = service.call_with("POST", "/search", &question).await.body;
        seen.push(found["hits"][0]["score"].clone());
        background.stop().await;
    }
    assert_eq!(seen, vec![json!(0.333); 6]);
}
