//! Tickets over HTTP, as people see them who answer questions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::{Database, Id, Problem, Result, ValidJson};
use dialogue_client::types::ReplyInput;
use serde::Deserialize;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Status, Ticket};
use super::store;
use crate::clients::Clients;

/// Somebody who answers questions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    #[schema(min_length = 1, max_length = 120)]
    pub agent: String,
}

/// What they answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerInput {
    #[schema(min_length = 1, max_length = 120)]
    pub agent: String,
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// The routes of tickets.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(take))
        .routes(routes!(answer))
        .routes(routes!(give_back))
}

#[utoipa::path(
    get,
    path = "/tickets",
    tag = "tickets",
    operation_id = "list_tickets",
    summary = "List the questions that wait, and those that somebody works on, oldest first",
    responses((status = 200, description = "Up to a hundred", body = Vec<Ticket>)),
)]
async fn list(State(db): State<Database>) -> Result<Json<Vec<Ticket>>> {
    Ok(Json(store::waiting(&db).await?))
}

#[utoipa::path(
    post,
    path = "/tickets/take",
    tag = "tickets",
    operation_id = "take_ticket",
    summary = "Take the question that has waited for longest",
    description = "Nobody else gets it. Who has one already gets the same again.",
    request_body = Agent,
    responses(
        (status = 200, description = "It is yours", body = Ticket),
        (status = 204, description = "None waits"),
    ),
)]
async fn take(State(db): State<Database>, ValidJson(who): ValidJson<Agent>) -> Result<Response> {
    Ok(match store::take(&db, &who.agent).await? {
        Some(ticket) => Json(ticket).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

#[utoipa::path(
    put,
    path = "/tickets/{id}/answer",
    tag = "tickets",
    operation_id = "answer_ticket",
    summary = "Answer a question that you have taken",
    params(("id" = Uuid, Path, description = "The question")),
    request_body = AnswerInput,
    responses(
        (status = 200, description = "The customer has the answer, now or before", body = Ticket),
        (
            status = 409, description = "It is not yours, or needs no answer any more",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn answer(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
    Id(question): Id<Uuid>,
    ValidJson(input): ValidJson<AnswerInput>,
) -> Result<Json<Ticket>> {
    let ticket = own(&db, question, &input.agent).await?;
    let reply = ReplyInput {
        agent: input.agent.clone(),
        text: input.text,
    };
    // The customer has it first: if this process ends in between, it can be sent again.
    let dialogue = clients.dialogue.on_behalf_of(&caller);
    let status = match dialogue.reply(question, &reply).await {
        Ok(_) => Status::Answered,
        Err(failure)
            if failure.is_not_found() || failure.status() == Some(StatusCode::CONFLICT) =>
        {
            store::settle(&db, question, &input.agent, Status::Closed).await?;
            return Err(refused("The question needs no answer any more."));
        }
        Err(failure) => return Err(failure.into()),
    };
    store::settle(&db, question, &input.agent, status).await?;
    Ok(Json(Ticket { status, ..ticket }))
}

#[utoipa::path(
    post,
    path = "/tickets/{id}/release",
    tag = "tickets",
    operation_id = "release_ticket",
    summary = "Give back a question that you have taken",
    params(("id" = Uuid, Path, description = "The question")),
    request_body = Agent,
    responses(
        (status = 204, description = "Somebody else can take it"),
        (
            status = 409, description = "It is not yours",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn give_back(
    State(db): State<Database>,
    Id(question): Id<Uuid>,
    ValidJson(who): ValidJson<Agent>,
) -> Result<StatusCode> {
    own(&db, question, &who.agent).await?;
    if store::settle(&db, question, &who.agent, Status::Open).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(refused("You do not work on this question."))
    }
}

/// A ticket that somebody works on, or has answered.
async fn own(db: &Database, question: Uuid, agent: &str) -> Result<Ticket> {
    let ticket = store::find(db, question).await?;
    let ticket = ticket.ok_or_else(Problem::not_found)?;
    let is_own = ticket.agent.as_deref() == Some(agent);
    if is_own && [Status::Taken, Status::Answered].contains(&ticket.status) {
        Ok(ticket)
    } else {
        Err(refused("You do not work on this question."))
    }
}

fn refused(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT).detail(detail)
}
