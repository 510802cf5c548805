//! Events are taken in, in both of their forms, and take effect once, however often they are sent
//! and tried.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use anyhow::bail;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};
use serde_json::{Value, json};

use {= names.snake =}::handler::Events;

use crate::support::Service;
use crate::support::inbox::{Inbox, event};

const TYPE: &str = Events::TYPES[0];

/// Fails for as long as something is wrong, and else counts.
#[derive(Clone, Default)]
struct Fragile {
    broken: Arc<AtomicBool>,
    panics: bool,
    handled: Arc<AtomicU32>,
    done: Arc<AtomicU32>,
}

impl Fragile {
    fn broken() -> Self {
        Self {
            broken: Arc::new(AtomicBool::new(true)),
            ..Self::default()
        }
    }

    /// How many were handled, and how many of them were done with.
    fn counts(&self) -> (u32, u32) {
        let count = |counter: &AtomicU32| counter.load(Ordering::Relaxed);
        (count(&self.handled), count(&self.done))
    }
}

impl Handler for Fragile {
    const TYPES: &'static [&'static str] = &[TYPE];

    async fn handle(&self, _: &mut Transaction, _: &CloudEvent) -> anyhow::Result<()> {
        let broken = self.broken.load(Ordering::Relaxed);
        assert!(!(broken && self.panics), "something is wrong");
        if broken {
            bail!("something is wrong");
        }
        self.handled.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn done(&self, _: &CloudEvent) {
        self.done.fetch_add(1, Ordering::Relaxed);
        // It changes nothing: the next events are handled all the same.
        assert!(!self.panics, "too late");
    }
}

/// An event that says nothing.
fn nothing(kind: &str, id: &str) -> Value {
    event(kind, id, &json!({}))
}

#[tokio::test]
async fn an_event_that_is_sent_again_is_handled_once() {
    let (service, handler) = (Service::start().await, Fragile::default());
    let inbox = Inbox::start(handler.clone(), 1, &service);
    for id in ["1", "1", "2", "1", "3"] {
        let answer = service.tell(&nothing(TYPE, id)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    }
    inbox.settled().await;
    service.tell(&nothing(TYPE, "2")).await;
    service.tell(&nothing("nobody.cares", "4")).await;
    service.tell(&nothing(TYPE, "5")).await;
    assert!(inbox.dead_letters().await.is_empty());
    inbox.stop().await;
    assert_eq!(handler.counts(), (4, 4));
}

#[tokio::test]
async fn what_fails_too_often_is_a_dead_letter_until_it_is_replayed() {
    for panics in [false, true] {
        let (service, mut handler) = (Service::start().await, Fragile::broken());
        handler.panics = panics;
        let inbox = Inbox::start(handler.clone(), 2, &service);
        service.tell(&nothing(TYPE, "1")).await;
        let letters = inbox.dead_letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["attempts"], 2);
        assert_eq!(letters[0]["event"]["id"], "1");
        let error = letters[0]["error"].as_str().unwrap();
        assert!(error.ends_with("something is wrong"), "{error}");
        assert_eq!(handler.counts(), (0, 0));

        handler.broken.store(false, Ordering::Relaxed);
        let replay = format!("/dead-letters/{}/replay", letters[0]["position"]);
        let answer = inbox.manage("POST", &replay).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        assert!(inbox.dead_letters().await.is_empty());
        let answer = inbox.manage("POST", &replay).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        service.tell(&nothing(TYPE, "2")).await;
        inbox.settled().await;
        inbox.stop().await;
        assert_eq!(handler.counts(), (2, 2));
    }
}

#[tokio::test]
async fn dead_letters_can_be_replayed_together_or_dropped() {
    let service = Service::start().await;
    let inbox = Inbox::start(Fragile::broken(), 1, &service);
    service.tell(&nothing(TYPE, "1")).await;
    assert_eq!(inbox.dead_letters().await.len(), 1);
    let answer = inbox.manage("POST", "/dead-letters/replay").await;
    assert_eq!(answer.body, json!({ "replayed": 1 }));

    let letters = inbox.dead_letters().await;
    let path = format!("/dead-letters/{}", letters[0]["position"]);
    let answer = inbox.manage("DELETE", &path).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(inbox.dead_letters().await.is_empty());
    inbox.stop().await;
}

#[tokio::test]
async fn events_may_come_with_headers_instead() {
    let (service, handler) = (Service::start().await, Fragile::default());
    let inbox = Inbox::start(handler.clone(), 1, &service);
    let request = Request::post("/events")
        .header("ce-specversion", "1.0")
        .header("ce-source", "/others")
        .header("ce-id", "1")
        .header("ce-type", TYPE)
        .header("content-type", "application/json");
    let answer = service.send(request.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    // The same one in its other form.
    service.tell(&nothing(TYPE, "1")).await;
    service.tell(&nothing(TYPE, "2")).await;
    inbox.settled().await;
    inbox.stop().await;
    assert_eq!(handler.counts(), (2, 2));
}

#[tokio::test]
async fn what_is_no_event_is_refused() {
    let service = Service::start().await;
    let mut wrong = nothing(TYPE, "");
    wrong["specversion"] = json!("0.3");
    let answer = service.tell(&wrong).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["id", "specversion"]);
    let answer = service.tell(&json!([])).await;
    answer.problem(StatusCode::BAD_REQUEST);
    let answer = service.call_with("POST", "/events", &json!({})).await;
    answer.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
