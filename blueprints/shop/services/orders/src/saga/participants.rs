//! What the services that take part in an order do for it.

use axum::http::StatusCode;
use chassis::client::Failure;
use inventory_client::types::ReservationInput;
use payments_client::types::PaymentInput;

use super::step::{Outcome, Task};
use crate::clients::Clients;
use crate::order::Order;

/// Does what is next for an order. No caller's patience ends it: an order goes on without the one
/// who placed it.
pub async fn carry_out(clients: &Clients, task: Task, order: &Order) -> Outcome {
    let ended = match task {
        Task::Reserve => {
            let input = ReservationInput {
                product: order.product,
                quantity: order.quantity,
            };
            clients.inventory.reserve(order.id, &input).await.map(drop)
        }
        Task::Pay => {
            let input = PaymentInput {
                customer: order.customer,
                amount: order.total,
            };
            clients.payments.pay(order.id, &input).await.map(drop)
        }
        Task::Refund => clients.payments.refund(order.id).await,
        Task::Release => clients.inventory.release(order.id).await,
    };
    match ended {
        Ok(()) => Outcome::Done,
        Err(failure) => outcome(&failure),
    }
}

/// Only these answers say that nothing was done.
fn outcome(failure: &Failure) -> Outcome {
    match failure {
        Failure::Refused(refusal)
            if [StatusCode::CONFLICT, StatusCode::PAYMENT_REQUIRED].contains(&refusal.status) =>
        {
            let detail = refusal.detail.clone();
            Outcome::Refused(detail.unwrap_or_else(|| refusal.title.clone()))
        }
        _ => {
            tracing::info!(%failure, "a step of an order is to be taken again");
            Outcome::Unknown
        }
    }
}
