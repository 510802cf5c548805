//! A ticket as it is stored and shown.

use chassis::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Uuid;
use utoipa::ToSchema;

/// A question that waits for a person.
#[derive(Debug, Clone, Serialize, FromRow, ToSchema)]
pub struct Ticket {
    pub question: Uuid,
    pub conversation: Uuid,
    pub text: String,
    /// Why it was passed on to people.
    pub reason: String,
    pub status: Status,
    /// Who has taken it.
    pub agent: Option<String>,
    /// Since when it waits.
    pub created_at: Timestamp,
}

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Status {
    /// It waits.
    Open,
    /// Somebody works on it.
    Taken,
    /// It was answered.
    Answered,
    /// It needs no answer any more.
    Closed,
}
