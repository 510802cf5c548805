//! A question as it is stored and shown, and as customers ask it.

use chassis::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// A question, with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Question {
    pub id: Uuid,
    pub conversation: Uuid,
    pub text: String,
    /// What it is about, by itself or by what was asked before it.
    pub topic: Option<String>,
    pub status: Status,
    /// Why it was passed on to people.
    pub reason: Option<Reason>,
    pub answer: String,
    /// The article that the answer is from.
    pub article: Option<Uuid>,
    /// Who answered, if it was a person.
    pub agent: Option<String>,
    /// What the customer says of the answer.
    pub helpful: Option<bool>,
    /// The services that did not answer when it was asked: the answer may be worse for it.
    pub missing: Option<String>,
    #[serde(skip)]
    pub revision: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Status {
    /// An article answers it.
    Answered,
    /// It was not understood, and the customer was asked to put it otherwise.
    Unclear,
    /// It waits for a person.
    Escalated,
    /// A person has answered it.
    Replied,
}

/// Why a question was passed on to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Reason {
    /// The customer asked for a person.
    Asked,
    /// It was not understood, twice in a row.
    Unanswered,
    /// The knowledge base did not answer.
    Unavailable,
    /// The customer said that the answer does not help.
    Unhelpful,
}

impl Reason {
    /// As events and the database have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Unanswered => "unanswered",
            Self::Unavailable => "unavailable",
            Self::Unhelpful => "unhelpful",
        }
    }
}

/// What a customer asks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionInput {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}
