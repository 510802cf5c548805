//! Orders over HTTP: placed and shown by those whose token says who they are.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::idempotency::{Answer, Once};
use chassis::problem::FieldError;
use chassis::{Database, Decimal, Id, Identity, Page, PageRequest, Problem, Result, ValidJson};
use sqlx::types::Decimal as Number;
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Order, OrderInput};
use super::store;
use crate::clients::Clients;
use crate::saga;

const PATH: &str = "/orders";

/// How long a customer waits for the order's end, at most.
const PATIENCE: Duration = Duration::from_secs(4);

/// The routes of orders.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(place))
        .routes(routes!(list))
        .routes(routes!(read))
}

#[utoipa::path(
    post,
    path = "/place_order",
    tag = "orders",
    operation_id = "place_order",
    summary = "Place an order",
    description = "As a rule the answer comes with the order's end, confirmed or cancelled. Where \
        a service is slow it comes before: `location` shows how the order goes on.",
    params(Once),
    request_body = OrderInput,
    responses(
        (
            status = 201, description = "Placed", body = Order,
            headers(("location" = String, description = "Where the order is")),
        ),
        Once,
    ),
)]
async fn place(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    Identity(customer): Identity,
    caller: Caller,
    once: Once,
    ValidJson(input): ValidJson<OrderInput>,
) -> Result<Response> {
    // A request that was here before is not asked for the price again, which may have changed.
    let mut transaction = db.begin().await?;
    if let Some(answer) = once.before(&mut transaction, &input).await? {
        return Ok(answer.into_response());
    }
    drop(transaction);
    let total = total(&clients, &caller, &input).await?;
    let order = Order::placed(customer, &input, total);
    let mut transaction = db.begin().await?;
    if let Some(answer) = once.before(&mut transaction, &input).await? {
        return Ok(answer.into_response());
    }
    store::insert(&mut transaction, &order).await?;
    once.keep(&mut transaction, &answer(&order)?).await?;
    transaction.commit().await?;

    // It goes on even if the customer is gone, or waits no longer.
    let order_id = order.id;
    let driven = tokio::spawn(saga::drive(db.clone(), clients, order));
    let order = match timeout(PATIENCE, driven).await {
        Ok(Ok(driven)) => driven?,
        _ => store::find(&db, order_id)
            .await?
            .ok_or_else(Problem::not_found)?,
    };
    let answer = answer(&order)?;
    let mut transaction = db.begin().await?;
    once.keep(&mut transaction, &answer).await?;
    transaction.commit().await?;
    Ok(answer.into_response())
}

fn answer(order: &Order) -> Result<Answer> {
    Answer::created(format!("{PATH}/{}", order.id), order)
}

/// What it costs, by the price of now.
async fn total(clients: &Clients, caller: &Caller, input: &OrderInput) -> Result<Decimal<10, 2>> {
    let blame = |field: &str, detail: &str| {
        let error = FieldError::new(field, detail);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY).errors(vec![error])
    };
    let products = clients.products.on_behalf_of(caller);
    let product = match products.read_product(input.product).await {
        Err(failure) if failure.is_not_found() => return Err(blame("product", "does not exist")),
        other => other?.record,
    };
    let total = product.price.get() * Number::from(input.quantity);
    Decimal::new(total).map_err(|_| blame("quantity", "makes the order too large"))
}

#[utoipa::path(
    get,
    path = "/orders",
    tag = "orders",
    operation_id = "list_orders",
    summary = "List one's own orders, oldest first",
    params(chassis::page::PageQuery),
    responses((
        status = 200, description = "One page", body = Vec<Order>,
        headers(("link" = String, description = "Where the next page is: `<..>; rel=\"next\"`")),
    )),
)]
async fn list(
    State(db): State<Database>,
    Identity(customer): Identity,
    page: PageRequest<Uuid>,
) -> Result<Page<Order>> {
    let entries = store::list(&db, customer, page.after, page.rows()).await?;
    Ok(page.of(entries, |entry| entry.id))
}

#[utoipa::path(
    get,
    path = "/orders/{id}",
    tag = "orders",
    operation_id = "read_order",
    summary = "Read one of one's own orders",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The order", body = Order)),
)]
async fn read(
    State(db): State<Database>,
    Identity(customer): Identity,
    Id(id): Id<Uuid>,
) -> Result<Json<Order>> {
    let found = store::find(&db, id).await?;
    // That others have such an order is nobody's business.
    let own = found.filter(|order| order.customer == customer);
    own.map(Json).ok_or_else(Problem::not_found)
}
