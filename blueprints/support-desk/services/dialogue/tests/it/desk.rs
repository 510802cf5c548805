//! A conversation with the service, whose others are played by the test.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use chassis::app::{self, Limits};
use chassis::client::Address;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{Service, clients};

/// What the knowledge base always finds.
pub const ARTICLE: Uuid = Uuid::from_u128(1);

/// A customer in conversation.
pub struct Desk {
    pub service: Service,
    router: Router,
    conversation: String,
}

impl Desk {
    /// Others are at this address.
    pub async fn open(others: &Address) -> Self {
        let service = Service::start().await;
        let api = dialogue::api(&clients(others));
        let router = app::build(api, service.database.clone(), Limits::default());
        let ada = json!({ "customer": "Ada" });
        let conversation = service.call_with("POST", "/conversations", &ada).await;
        let conversation = conversation.header("location").to_owned();
        Self {
            service,
            router,
            conversation,
        }
    }

    /// Sends a request; the status and body of its answer.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", key);
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Asks a question.
    pub async fn ask(&self, text: &str) -> Value {
        let key = Uuid::now_v7().to_string();
        self.ask_again(text, &key).await
    }

    /// Asks a question that may have been asked before.
    pub async fn ask_again(&self, text: &str, key: &str) -> Value {
        let path = format!("{}/questions", self.conversation);
        let (status, question) = self
            .send("POST", &path, key, &json!({ "text": text }))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{question}");
        question
    }

    /// All questions of the conversation.
    pub async fn questions(&self) -> Vec<Value> {
        let path = format!("{}/questions", self.conversation);
        let questions = self.service.call("GET", &path).await.body;
        questions.as_array().unwrap().clone()
    }

    /// Says whether an answer helps.
    pub async fn rate(&self, question: &Value, helpful: bool) -> (StatusCode, Value) {
        let path = format!("/questions/{}/feedback", question["id"].as_str().unwrap());
        self.send("PUT", &path, "rate", &json!({ "helpful": helpful }))
            .await
    }

    /// Answers as a person does.
    pub async fn reply(&self, question: &Value, agent: &str, text: &str) -> (StatusCode, Value) {
        let path = format!("/replies/{}", question["id"].as_str().unwrap());
        let reply = json!({ "agent": agent, "text": text });
        self.send("PUT", &path, "reply", &reply).await
    }
}

/// Intent and knowledge base. A question tells them what to answer: it is about its last word, and
/// its first one says how good the article is that is found.
pub async fn others() -> Address {
    serve(
        Router::new()
            .route("/classify", post(classify))
            .route("/search", post(search)),
    )
    .await
}

/// A service that answers like this.
pub async fn serve(app: Router) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(listener.local_addr().unwrap().port());
    tokio::spawn(axum::serve(listener, app).into_future());
    address
}

pub async fn classify(Json(question): Json<Value>) -> Json<Value> {
    let text = question["text"].as_str().unwrap();
    let intent = text.rsplit(' ').next().unwrap();
    let probability = if intent == "it" { 0.3 } else { 0.9 };
    Json(json!({ "guesses": [{ "intent": intent, "probability": probability }] }))
}

pub async fn search(Json(question): Json<Value>) -> Json<Value> {
    let score = match question["text"].as_str().unwrap().split(' ').next() {
        Some("good") => 0.8,
        _ => 0.05,
    };
    let hit = json!({
        "article": ARTICLE, "title": "Parcels", "body": "By its number.",
        "topic": question["topic"].as_str().unwrap_or("none"), "score": score,
    });
    Json(json!({ "hits": [hit] }))
}
