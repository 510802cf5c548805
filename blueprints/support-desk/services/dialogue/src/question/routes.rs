//! Questions over HTTP, as customers ask and rate them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::idempotency::{Answer, Once};
use chassis::{Database, Id, Problem, Result, ValidJson, outbox};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Question, QuestionInput};
use super::store;
use crate::clients::Clients;
use crate::talk;

const PATH: &str = "/questions";

/// What a customer says of an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    pub helpful: bool,
}

/// The routes of questions.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(read))
        .routes(routes!(rate))
}

#[utoipa::path(
    post,
    path = "/conversations/{id}/questions",
    tag = "questions",
    operation_id = "ask",
    summary = "Ask a question",
    params(("id" = Uuid, Path, description = "The conversation"), Once),
    request_body = QuestionInput,
    responses(
        (
            status = 201, description = "Answered, asked back, or passed on", body = Question,
            headers(("location" = String, description = "Where the question is")),
        ),
        Once,
    ),
)]
async fn ask(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
    once: Once,
    Id(conversation): Id<Uuid>,
    ValidJson(input): ValidJson<QuestionInput>,
) -> Result<Answer> {
    let mut transaction = db.begin().await?;
    if let Some(answer) = once.before(&mut transaction, &input).await? {
        return Ok(answer);
    }
    // Others are asked between two transactions, since none must wait for them.
    drop(transaction);
    let last = store::last(&db, conversation).await?;
    let last = last.ok_or_else(Problem::not_found)?;
    let question = talk::answer(&clients, &caller, conversation, &last, input.clone()).await;
    let mut transaction = db.begin().await?;
    if let Some(answer) = once.before(&mut transaction, &input).await? {
        return Ok(answer);
    }
    store::insert(&mut transaction, &question).await?;
    let answer = Answer::created(format!("{PATH}/{}", question.id), &question)?;
    once.keep(&mut transaction, &answer).await?;
    transaction.commit().await?;
    outbox::wake();
    Ok(answer)
}

#[utoipa::path(
    get,
    path = "/conversations/{id}/questions",
    tag = "questions",
    operation_id = "list_questions",
    summary = "List the questions of a conversation, oldest first",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "Up to two hundred", body = Vec<Question>)),
)]
async fn list(
    State(db): State<Database>,
    Id(conversation): Id<Uuid>,
) -> Result<Json<Vec<Question>>> {
    Ok(Json(store::of(&db, conversation).await?))
}

#[utoipa::path(
    get,
    path = "/questions/{id}",
    tag = "questions",
    operation_id = "read_question",
    summary = "Read a question",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The question", body = Question)),
)]
async fn read(State(db): State<Database>, Id(id): Id<Uuid>) -> Result<Json<Question>> {
    let found = store::find(&db, id).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

#[utoipa::path(
    put,
    path = "/questions/{id}/feedback",
    tag = "questions",
    operation_id = "rate_answer",
    summary = "Say whether the answer helps",
    description = "One that does not help is passed on to people. Ranking learns from both.",
    params(("id" = Uuid, Path)),
    request_body = Feedback,
    responses(
        (status = 200, description = "The question as it is now", body = Question),
        (
            status = 409, description = "It has no answer from an article",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn rate(
    State(db): State<Database>,
    Id(id): Id<Uuid>,
    ValidJson(feedback): ValidJson<Feedback>,
) -> Result<Json<Question>> {
    let before = store::find(&db, id).await?;
    let before = before.ok_or_else(Problem::not_found)?;
    let Some(after) = before.rated(feedback.helpful) else {
        let detail = "Only answers from the knowledge base are rated.";
        return Err(Problem::new(StatusCode::CONFLICT).detail(detail));
    };
    changed(&db, &before, after).await
}

/// Stores a change, unless there was another one meanwhile.
pub async fn changed(db: &Database, before: &Question, after: Question) -> Result<Json<Question>> {
    if store::change(db, before, &after).await? {
        Ok(Json(after))
    } else {
        let detail = "The question was changed meanwhile; ask again.";
        Err(Problem::new(StatusCode::CONFLICT).detail(detail))
    }
}
