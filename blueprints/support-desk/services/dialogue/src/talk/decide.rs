//! What to answer, by what the conversation was about and what others have found: pure, so that all
//! ways can be tested.

use uuid::Uuid;

use crate::question::{Reason, Status};

/// From this on the intent of a question is taken for its topic; below, the conversation goes on
/// with the topic that it has.
const SURE: f64 = 0.5;

/// From this score on an article is an answer: so much of what the question says is found in it.
const ENOUGH: f64 = 0.15;

/// The intent of those who ask for a person. It is no topic: what was talked about stays.
const HUMAN: &str = "human";

/// An intent, and how likely it is.
#[derive(Debug, Clone)]
pub struct Guess {
    pub intent: String,
    pub probability: f64,
}

/// An article that may answer.
#[derive(Debug, Clone)]
pub struct Hit {
    pub article: Uuid,
    pub title: String,
    pub body: String,
    pub score: f64,
}

/// How the conversation stands before the question.
#[derive(Debug, Clone, Copy, Default)]
pub struct Before<'a> {
    pub topic: Option<&'a str>,
    /// Whether the customer was asked to put the last question otherwise.
    pub was_unclear: bool,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub status: Status,
    pub reason: Option<Reason>,
    pub answer: String,
    pub article: Option<Uuid>,
}

impl<'a> Before<'a> {
    /// What the question is about: by itself, or else by what was asked before it.
    #[must_use]
    pub fn topic(&self, heard: Option<&'a [Guess]>) -> Option<&'a str> {
        sure(heard).filter(|intent| *intent != HUMAN).or(self.topic)
    }

    /// What becomes of the question. `found` is `None` if the knowledge base does not answer.
    #[must_use]
    pub fn decide(&self, heard: Option<&[Guess]>, found: Option<&[Hit]>) -> Decision {
        if sure(heard) == Some(HUMAN) {
            let answer = "I am passing you on to a colleague, who will answer here.";
            return passed_on(Reason::Asked, answer);
        }
        let Some(hits) = found else {
            let answer = "Our knowledge base can't be searched at the moment, so this is no answer \
                yet. A colleague has your question and will answer here.";
            return passed_on(Reason::Unavailable, answer);
        };
        if let Some(best) = hits.first().filter(|best| best.score >= ENOUGH) {
            return Decision {
                status: Status::Answered,
                reason: None,
                answer: best.body.clone(),
                article: Some(best.article),
            };
        }
        if self.was_unclear {
            let answer = "I am sorry, I do not know that either. A colleague has your question and \
                will answer here.";
            return passed_on(Reason::Unanswered, answer);
        }
        let titles: Vec<_> = hits.iter().map(|hit| format!("“{}”", hit.title)).collect();
        let known = match titles.join(", ") {
            titles if titles.is_empty() => titles,
            titles => format!(" I know about {titles}."),
        };
        let ask_back = "I am not sure what you mean. Could you say it in other words?";
        let answer = format!("{ask_back}{known}");
        Decision {
            status: Status::Unclear,
            reason: None,
            answer,
            article: None,
        }
    }
}

fn sure(heard: Option<&[Guess]>) -> Option<&str> {
    let best = heard?.first()?;
    (best.probability >= SURE).then_some(best.intent.as_str())
}

fn passed_on(reason: Reason, answer: &str) -> Decision {
    Decision {
        status: Status::Escalated,
        reason: Some(reason),
        answer: answer.to_owned(),
        article: None,
    }
}

#[cfg(test)]
mod tests;
