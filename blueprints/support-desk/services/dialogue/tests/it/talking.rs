//! A conversation keeps its state, and what becomes of questions is told to those concerned.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::desk::{ARTICLE, Desk, others};
use crate::support::subscriber::Subscriber;

#[tokio::test]
async fn a_question_is_answered_by_an_article_or_by_people() {
    let desk = Desk::open(&others().await).await;
    let answered = desk.ask("good question about delivery").await;
    let told = |question: &Value| {
        let of = |name: &str| question[name].clone();
        json!([
            of("topic"),
            of("status"),
            of("reason"),
            of("article"),
            of("missing")
        ])
    };
    assert_eq!(
        told(&answered),
        json!(["delivery", "answered", null, ARTICLE, null])
    );
    assert_eq!(answered["answer"], "By its number.");
    // What follows is about the same, until something else is asked.
    let next = desk.ask("good to know, how much is it").await;
    assert_eq!(next["topic"], "delivery");
    let unclear = desk.ask("odd question about returns").await;
    assert_eq!(
        told(&unclear),
        json!(["returns", "unclear", null, null, null])
    );
    let passed_on = desk.ask("still odd, is it").await;
    assert_eq!(
        told(&passed_on),
        json!(["returns", "escalated", "unanswered", null, null])
    );
    let asked = desk.ask("good day, give me a human").await;
    assert_eq!(
        told(&asked),
        json!(["returns", "escalated", "asked", null, null])
    );

    let all = desk.questions().await;
    assert_eq!(all, [answered, next, unclear, passed_on, asked]);
}

#[tokio::test]
async fn others_are_told_of_what_concerns_them_in_order() {
    let desk = Desk::open(&others().await).await;
    let question = desk.ask("good question about delivery").await;
    for helpful in [false, false, true] {
        let (status, rated) = desk.rate(&question, helpful).await;
        assert_eq!(
            (status, &rated["helpful"]),
            (StatusCode::OK, &json!(helpful))
        );
    }
    let person = desk.ask("give me a human").await;
    let mut events = Subscriber::start(&desk.service.database, "").await;
    let (id, text) = (&question["id"], &question["text"]);
    let conversation = &question["conversation"];
    let rated = |helpful: bool, revision: u32| {
        json!({
            "question": id, "article": ARTICLE, "text": text, "helpful": helpful,
            "revision": revision,
        })
    };
    let waits = |question: &Value, reason: &str, revision: u32| {
        json!({
            "question": question["id"], "conversation": conversation, "text": question["text"],
            "reason": reason, "revision": revision,
        })
    };
    let closed = json!({ "question": id, "conversation": conversation, "revision": 3 });
    for (kind, data) in [
        ("question.escalated", waits(&question, "unhelpful", 2)),
        ("answer.rated", rated(false, 2)),
        ("question.closed", closed),
        ("answer.rated", rated(true, 3)),
        ("question.escalated", waits(&person, "asked", 1)),
    ] {
        let event = events.next().await;
        assert_eq!((&event["type"], &event["data"]), (&json!(kind), &data));
    }
    events.stop().await;
}

#[tokio::test]
async fn people_answer_what_waits_for_them() {
    let desk = Desk::open(&others().await).await;
    let question = desk.ask("give me a human").await;
    for _ in 0..2 {
        let (status, replied) = desk.reply(&question, "grace", "Hello!").await;
        assert_eq!(status, StatusCode::OK, "{replied}");
        let told = [&replied["status"], &replied["answer"], &replied["agent"]];
        assert_eq!(told, ["replied", "Hello!", "grace"]);
    }
    let late = desk.reply(&question, "alan", "Me too!").await;
    assert_eq!(late.0, StatusCode::CONFLICT);
    let answered = desk.ask("good question about delivery").await;
    assert_eq!(
        desk.reply(&answered, "alan", "I know!").await.0,
        StatusCode::CONFLICT
    );
    // What people say is not rated.
    assert_eq!(desk.rate(&question, true).await.0, StatusCode::CONFLICT);
    let nobody = json!({ "id": "0197a1b2-c3d4-7e5f-8a6b-000000000001" });
    assert_eq!(
        desk.reply(&nobody, "alan", "?").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(desk.rate(&nobody, true).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_question_that_is_sent_again_is_asked_once() {
    let desk = Desk::open(&others().await).await;
    let first = desk.ask_again("give me a human", "a-key").await;
    assert_eq!(desk.ask_again("give me a human", "a-key").await, first);
    assert_eq!(desk.questions().await, [first]);
    let nowhere = "/conversations/0197a1b2-c3d4-7e5f-8a6b-000000000001/questions";
    let nowhere = desk
        .send("POST", nowhere, "b", &json!({ "text": "?" }))
        .await;
    assert_eq!(nowhere.0, StatusCode::NOT_FOUND);
}
