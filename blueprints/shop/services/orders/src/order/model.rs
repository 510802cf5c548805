//! An order as it is stored and shown, and as customers place it.

use chassis::{Decimal, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// An order.
#[derive(Debug, Clone, Serialize, FromRow, ToSchema)]
pub struct Order {
    pub id: Uuid,
    pub customer: Uuid,
    pub product: Uuid,
    pub quantity: i64,
    pub total: Decimal<10, 2>,
    pub status: Status,
    /// Why it was cancelled, or is about to be.
    pub reason: Option<String>,
    /// How often the next step was tried in vain.
    #[serde(skip)]
    pub attempts: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Order {
    /// A new order.
    #[must_use]
    pub fn placed(customer: Uuid, input: &OrderInput, total: Decimal<10, 2>) -> Self {
        let now = Timestamp::now();
        Self {
            id: Uuid::now_v7(),
            customer,
            product: input.product,
            quantity: input.quantity,
            total,
            status: Status::Placed,
            reason: None,
            attempts: 0,
            created_at: now,
            updated_at: now,
        }
    }
}

/// How far an order has come. `saga::step` says what leads from one to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum Status {
    /// It is known here; stock is to be reserved.
    Placed,
    /// Stock is held; the payment is to be taken.
    Reserved,
    /// All is done.
    Confirmed,
    /// It failed; what may have been paid is to be given back.
    Refunding,
    /// It failed; what may be held is to be given back.
    Releasing,
    /// It failed, and nothing is left of it.
    Cancelled,
}

/// What a customer wants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    pub product: Uuid,
    #[schema(minimum = 1, maximum = 1000)]
    pub quantity: i64,
}
