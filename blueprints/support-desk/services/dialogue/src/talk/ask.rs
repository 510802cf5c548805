//! The services that are asked, and for how long.

use std::time::Duration;

use chassis::client::{Caller, Failure};
use intent_client::types as intent;
use knowledge_client::types as knowledge;
use tokio::time::timeout;

use super::decide::{Guess, Hit};
use crate::clients::Clients;

/// A question is classified in a millisecond, and found in a few; whoever needs longer is in
/// trouble, and customers wait for all of it.
const CLASSIFYING: Duration = Duration::from_millis(800);
const SEARCHING: Duration = Duration::from_millis(1500);

/// What a question is about, likeliest first; `None` if nobody tells.
pub async fn classify(clients: &Clients, caller: &Caller, text: &str) -> Option<Vec<Guess>> {
    let intents = clients.intent.on_behalf_of(caller);
    let question = intent::Question {
        text: text.to_owned(),
    };
    let verdict = timeout(CLASSIFYING, intents.classify(&question)).await;
    let verdict = told("intent", verdict.unwrap_or(Err(Failure::TimedOut)))?;
    let guesses = verdict.guesses.into_iter();
    let guess = |guess: intent::Guess| Guess {
        intent: guess.intent,
        probability: guess.probability,
    };
    Some(guesses.map(guess).collect())
}

/// The articles that answer a question, best first; `None` if the knowledge base does not answer.
pub async fn search(
    clients: &Clients,
    caller: &Caller,
    text: &str,
    topic: Option<&str>,
) -> Option<Vec<Hit>> {
    let articles = clients.knowledge.on_behalf_of(caller);
    let question = knowledge::Question {
        text: text.to_owned(),
        topic: topic.map(str::to_owned),
    };
    let found = timeout(SEARCHING, articles.search(&question)).await;
    let found = told("knowledge", found.unwrap_or(Err(Failure::TimedOut)))?;
    let hit = |hit: knowledge::Hit| Hit {
        article: hit.article,
        title: hit.title,
        body: hit.body,
        score: hit.score,
    };
    Some(found.hits.into_iter().map(hit).collect())
}

fn told<T>(service: &str, answer: Result<T, Failure>) -> Option<T> {
    let noted = answer.inspect_err(|failure| {
        tracing::warn!(service, %failure, "a question is answered without it");
    });
    noted.ok()
}
