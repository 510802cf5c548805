//! Reservations over HTTP. Every request can be sent again: it takes effect once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chassis::{Database, Id, Problem, Result, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Reservation, ReservationInput};
use super::store::{self, Reserved};

/// The routes of reservations.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(read, reserve, release))
}

#[utoipa::path(
    get,
    path = "/reservations/{id}",
    tag = "reservations",
    operation_id = "read_reservation",
    summary = "Read the reservation of an order",
    params(("id" = Uuid, Path, description = "The order")),
    responses((status = 200, description = "The reservation", body = Reservation)),
)]
async fn read(State(db): State<Database>, Id(order): Id<Uuid>) -> Result<Json<Reservation>> {
    let found = store::of(&db, order).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

#[utoipa::path(
    put,
    path = "/reservations/{id}",
    tag = "reservations",
    operation_id = "reserve",
    summary = "Hold stock for an order",
    params(("id" = Uuid, Path, description = "The order")),
    request_body = ReservationInput,
    responses(
        (status = 200, description = "Held, now or before", body = Reservation),
        (
            status = 409, description = "Too little is left, or the order gave its stock back",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn reserve(
    State(db): State<Database>,
    Id(order): Id<Uuid>,
    ValidJson(input): ValidJson<ReservationInput>,
) -> Result<Json<Reservation>> {
    match store::reserve(&db, order, &input).await? {
        Reserved::Held(reservation) => Ok(Json(reservation)),
        Reserved::Otherwise => Err(refused("The order asked otherwise before.")),
        Reserved::OutOfStock => Err(refused("There is not enough of it.")),
    }
}

#[utoipa::path(
    delete,
    path = "/reservations/{id}",
    tag = "reservations",
    operation_id = "release",
    summary = "Give back what an order holds, if it holds anything",
    params(("id" = Uuid, Path, description = "The order")),
    responses((status = 204, description = "It holds nothing, from now on")),
)]
async fn release(State(db): State<Database>, Id(order): Id<Uuid>) -> Result<StatusCode> {
    store::release(&db, order).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn refused(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT).detail(detail)
}
