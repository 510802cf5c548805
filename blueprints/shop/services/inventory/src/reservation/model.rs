//! A reservation as it is stored and shown, and as clients ask for it.

use chassis::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

/// Stock that is held for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Reservation {
    /// The order: it has one reservation.
    pub order_id: Uuid,
    pub product: Uuid,
    pub quantity: i64,
    pub state: State,
    pub created_at: Timestamp,
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
pub enum State {
    /// The stock is the order's.
    Held,
    /// It is anybody's again.
    Released,
}

/// What is to be held.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationInput {
    pub product: Uuid,
    #[schema(minimum = 1, maximum = 1000)]
    pub quantity: i64,
}
