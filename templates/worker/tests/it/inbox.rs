//! Events take effect once, however often they are sent and tried.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use axum::http::StatusCode;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};
use serde_json::json;

use crate::support::{Events, Service, event};

const TYPE: &str = Events::TYPES[0];

/// Counts, and then fails for as long as something is wrong.
struct Fragile {
    broken: Arc<AtomicBool>,
    panics: bool,
}

impl Handler for Fragile {
    const TYPES: &'static [&'static str] = &[TYPE];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        {= names.snake =}::tally::count(transaction, &event.kind).await?;
        let broken = self.broken.load(Ordering::Relaxed);
        assert!(!(broken && self.panics), "something is wrong");
        if broken {
            bail!("something is wrong");
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_event_that_is_sent_again_counts_once() {
    let service = Service::start().await;
    for id in ["1", "1", "2", "1", "3"] {
        let answer = service.tell(&event(TYPE, id)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    }
    let expected = json!([{ "type": TYPE, "count": 3 }]);
    service.counts(&expected).await;
    service.tell(&event(TYPE, "2")).await;
    service.tell(&event("nobody.cares", "4")).await;
    service.tell(&event(TYPE, "5")).await;
    let expected = json!([{ "type": TYPE, "count": 4 }]);
    service.counts(&expected).await;
    service.stop().await;
}

#[tokio::test]
async fn what_fails_too_often_is_a_dead_letter_until_it_is_replayed() {
    for panics in [false, true] {
        let broken = Arc::new(AtomicBool::new(true));
        let handler = Fragile {
            broken: Arc::clone(&broken),
            panics,
        };
        let service = Service::with(handler, 2).await;
        service.tell(&event(TYPE, "1")).await;
        let letters = service.dead_letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["attempts"], 2);
        assert_eq!(letters[0]["event"]["id"], "1");
        let error = letters[0]["error"].as_str().unwrap();
        assert!(error.ends_with("something is wrong"), "{error}");
        // What the failed attempts had counted is undone.
        assert_eq!(service.get("/tallies").await.body, json!([]));

        broken.store(false, Ordering::Relaxed);
        let replay = format!("/dead-letters/{}/replay", letters[0]["position"]);
        let answer = service.manage("POST", &replay).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        let expected = json!([{ "type": TYPE, "count": 1 }]);
        service.counts(&expected).await;
        let answer = service.manage("POST", &replay).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        service.stop().await;
    }
}

#[tokio::test]
async fn dead_letters_can_be_replayed_together_or_dropped() {
    let handler = Fragile {
        broken: Arc::new(AtomicBool::new(true)),
        panics: false,
    };
    let service = Service::with(handler, 1).await;
    service.tell(&event(TYPE, "1")).await;
    service.dead_letters().await;
    let answer = service.manage("POST", "/dead-letters/replay").await;
    assert_eq!(answer.body, json!({ "replayed": 1 }));

    let letters = service.dead_letters().await;
    let path = format!("/dead-letters/{}", letters[0]["position"]);
    let answer = service.manage("DELETE", &path).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = service.manage("GET", "/dead-letters").await;
    assert_eq!(answer.body, json!([]));
    service.stop().await;
}
