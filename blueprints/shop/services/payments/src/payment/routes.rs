//! Payments over HTTP. Every request can be sent again: it takes effect once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chassis::problem::FieldError;
use chassis::{Database, Id, Problem, Result, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Payment, PaymentInput};
use super::store::{self, Paid};

/// The routes of payments.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(read, pay, refund))
}

#[utoipa::path(
    get,
    path = "/payments/{id}",
    tag = "payments",
    operation_id = "read_payment",
    summary = "Read the payment of an order",
    params(("id" = Uuid, Path, description = "The order")),
    responses((status = 200, description = "The payment", body = Payment)),
)]
async fn read(State(db): State<Database>, Id(order): Id<Uuid>) -> Result<Json<Payment>> {
    let found = store::of(&db, order).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

#[utoipa::path(
    put,
    path = "/payments/{id}",
    tag = "payments",
    operation_id = "pay",
    summary = "Take what an order costs",
    params(("id" = Uuid, Path, description = "The order")),
    request_body = PaymentInput,
    responses(
        (status = 200, description = "Taken, now or before", body = Payment),
        (
            status = 402, description = "The account has too little",
            body = Problem, content_type = "application/problem+json",
        ),
        (
            status = 409, description = "The order asked otherwise before, or was called off",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn pay(
    State(db): State<Database>,
    Id(order): Id<Uuid>,
    ValidJson(input): ValidJson<PaymentInput>,
) -> Result<Json<Payment>> {
    if input.amount.get() <= 0.into() {
        let error = FieldError::new("amount", "must be more than nothing");
        return Err(Problem::invalid(vec![error]));
    }
    match store::pay(&db, order, &input).await? {
        Paid::Taken(payment) => Ok(Json(payment)),
        Paid::Otherwise => Err(Problem::new(StatusCode::CONFLICT)
            .detail("The order asked otherwise before, or was called off.")),
        Paid::Refused => {
            Err(Problem::new(StatusCode::PAYMENT_REQUIRED).detail("The account has too little."))
        }
    }
}

#[utoipa::path(
    delete,
    path = "/payments/{id}",
    tag = "payments",
    operation_id = "refund",
    summary = "Give back what an order took, if it took anything",
    params(("id" = Uuid, Path, description = "The order")),
    responses((status = 204, description = "It has taken nothing, from now on")),
)]
async fn refund(State(db): State<Database>, Id(order): Id<Uuid>) -> Result<StatusCode> {
    store::refund(&db, order).await?;
    Ok(StatusCode::NO_CONTENT)
}
