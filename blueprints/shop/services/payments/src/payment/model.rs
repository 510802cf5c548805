//! A payment as it is stored and shown, and as clients ask for it.

use chassis::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an order took from an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Payment {
    /// The order: it has one payment.
    pub order_id: Uuid,
    pub customer: Uuid,
    pub amount: Decimal<10, 2>,
    pub state: State,
    pub created_at: Timestamp,
}

/// What became of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum State {
    /// It was taken.
    Taken,
    /// It was given back, or is never to be taken.
    Refunded,
}

/// What is to be paid.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentInput {
    pub customer: Uuid,
    #[schema(schema_with = Decimal::<10, 2>::input_schema)]
    pub amount: Decimal<10, 2>,
}
