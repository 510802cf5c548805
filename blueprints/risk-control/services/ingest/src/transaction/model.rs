//! A transaction as it is stored and shown, and as clients send it.

use chassis::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use utoipa::ToSchema;
use utoipa::openapi::ObjectBuilder;
use uuid::Uuid;

/// A transaction, with what was decided about it.
#[derive(Debug, Clone, PartialEq, Serialize, FromRow, ToSchema)]
pub struct Transaction {
    pub id: Uuid,
    pub card: String,
    pub amount: Decimal<10, 2>,
    pub country: String,
    pub at: Timestamp,
    pub decision: Decision,
    /// From 0 to 1000: the more, the likelier it is fraud. None on the basis `default`.
    pub score: Option<i64>,
    pub basis: Basis,
    /// The model that had a say.
    pub model: Option<i64>,
    #[schema(value_type = Vec<String>)]
    pub reasons: Json<Vec<String>>,
    /// What it was judged by; null on the basis `default`.
    pub features: Value,
    pub created_at: Timestamp,
}

/// What becomes of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Decision {
    Approve,
    /// Somebody looks at it.
    Review,
    Decline,
}

impl Decision {
    /// As events have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Review => "review",
            Self::Decline => "decline",
        }
    }
}

/// What it was decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Basis {
    RulesAndModel,
    /// There is no model yet.
    Rules,
    /// Nobody could judge it in time.
    Default,
}

/// What clients send.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransactionInput {
    /// A name for the card, not its number: that is nothing to keep here.
    #[schema(min_length = 1, max_length = 64)]
    pub card: String,
    #[schema(schema_with = amount_schema)]
    pub amount: Decimal<10, 2>,
    /// Two letters (ISO 3166).
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: String,
    /// When it was made; now, if nothing is said.
    pub at: Option<Timestamp>,
}

fn amount_schema() -> ObjectBuilder {
    Decimal::<10, 2>::input_schema().minimum(Some(0.01))
}
