//! Transactions over HTTP.

use std::time::Duration;

use axum::extract::State;
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::idempotency::{Answer, Once};
use chassis::{
    Database, FieldError, Id, Page, PageRequest, Problem, Result, Timestamp, ValidJson, outbox,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Transaction, TransactionInput};
use super::store;
use crate::assess::{Deadline, Subject, assess};
use crate::clients::Clients;

const PATH: &str = "/transactions";

/// So much may clocks be ahead of ours. What is said to be later would have no past.
const AHEAD: Duration = Duration::from_mins(5);

/// The routes of transactions.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(list, take_in))
        .routes(routes!(read))
}

#[utoipa::path(
    post,
    path = "/transactions",
    tag = "transactions",
    operation_id = "take_in_transaction",
    summary = "Take in a transaction and decide about it",
    description = "The answer comes within a deadline, whoever else is away: without a score then, \
        on the basis `default`, for somebody to look at. Others are told of it as an event.",
    params(Once),
    request_body = TransactionInput,
    responses(
        (
            status = 201, description = "Taken in", body = Transaction,
            headers(("location" = String, description = "Where the transaction is")),
        ),
        Once,
    ),
)]
async fn take_in(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    deadline: Option<Extension<Deadline>>,
    caller: Caller,
    once: Once,
    ValidJson(input): ValidJson<TransactionInput>,
) -> Result<Answer> {
    // A request that was here before keeps its decision.
    let mut within = db.begin().await?;
    if let Some(answer) = once.before(&mut within, &input).await? {
        return Ok(answer);
    }
    drop(within);
    let subject = Subject {
        id: Uuid::now_v7(),
        at: moment(&input)?,
        input: &input,
    };
    // Asked outside of a transaction, which must not wait for others.
    let deadline = deadline.unwrap_or_default().0;
    let decided = assess(&clients, &caller, deadline, &subject).await;
    let transaction = decided.about(&subject);
    let mut within = db.begin().await?;
    if let Some(answer) = once.before(&mut within, &input).await? {
        return Ok(answer);
    }
    store::insert(&mut within, &transaction).await?;
    let answer = Answer::created(format!("{PATH}/{}", transaction.id), &transaction)?;
    once.keep(&mut within, &answer).await?;
    within.commit().await?;
    outbox::wake();
    Ok(answer)
}

/// When it was made.
fn moment(input: &TransactionInput) -> Result<Timestamp> {
    let at = input.at.unwrap_or_else(Timestamp::now);
    if at > Timestamp::after(AHEAD) {
        let error = FieldError::new("at", "must not be in the future");
        return Err(Problem::invalid(vec![error]));
    }
    Ok(at)
}

#[utoipa::path(
    get,
    path = "/transactions",
    tag = "transactions",
    operation_id = "list_transactions",
    summary = "List transactions, oldest first",
    params(chassis::page::PageQuery),
    responses((
        status = 200, description = "One page", body = Vec<Transaction>,
        headers(("link" = String, description = "Where the next page is: `<..>; rel=\"next\"`")),
    )),
)]
async fn list(State(db): State<Database>, page: PageRequest<Uuid>) -> Result<Page<Transaction>> {
    let entries = store::list(&db, page.after, page.rows()).await?;
    Ok(page.of(entries, |entry| entry.id))
}

#[utoipa::path(
    get,
    path = "/transactions/{id}",
    tag = "transactions",
    operation_id = "read_transaction",
    summary = "Read a transaction",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The transaction", body = Transaction)),
)]
async fn read(State(db): State<Database>, Id(id): Id<Uuid>) -> Result<Json<Transaction>> {
    let found = store::find(&db, id).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
