//! What is said to customers: the question is classified, the knowledge base searched, and then it
//! is decided what to answer.

mod ask;
mod decide;

use chassis::Timestamp;
use chassis::client::Caller;
use uuid::Uuid;

use self::decide::Before;
use crate::clients::Clients;
use crate::question::store::Last;
use crate::question::{Question, QuestionInput, Status};

/// Answers a question. It never fails: where others do not answer, it says so and goes to people.
pub async fn answer(
    clients: &Clients,
    caller: &Caller,
    conversation: Uuid,
    last: &Last,
    input: QuestionInput,
) -> Question {
    let before = Before {
        topic: last.topic.as_deref(),
        was_unclear: last.status == Some(Status::Unclear),
    };
    let heard = ask::classify(clients, caller, &input.text).await;
    let topic = before.topic(heard.as_deref());
    let found = ask::search(clients, caller, &input.text, topic).await;
    let missing = match (&heard, &found) {
        (None, None) => Some("intent, knowledge"),
        (None, Some(_)) => Some("intent"),
        (Some(_), None) => Some("knowledge"),
        (Some(_), Some(_)) => None,
    };
    let decision = before.decide(heard.as_deref(), found.as_deref());
    let now = Timestamp::now();
    Question {
        id: Uuid::now_v7(),
        conversation,
        text: input.text,
        topic: topic.map(str::to_owned),
        status: decision.status,
        reason: decision.reason,
        answer: decision.answer,
        article: decision.article,
        agent: None,
        helpful: None,
        missing: missing.map(str::to_owned),
        revision: 1,
        created_at: now,
        updated_at: now,
    }
}
