//! What people answer. The gateway has no route here: `agents` knows who has taken a question.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chassis::{Database, Id, Problem, Result, ValidJson};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::Question;
use super::routes::changed;
use super::store;

/// What a person answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyInput {
    #[schema(min_length = 1, max_length = 120)]
    pub agent: String,
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// The route of replies.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(reply))
}

#[utoipa::path(
    put,
    path = "/replies/{id}",
    tag = "replies",
    operation_id = "reply",
    summary = "Answer a question that waits for a person",
    params(("id" = Uuid, Path, description = "The question")),
    request_body = ReplyInput,
    responses(
        (status = 200, description = "Answered, now or before", body = Question),
        (
            status = 409, description = "It does not wait any more",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn reply(
    State(db): State<Database>,
    Id(id): Id<Uuid>,
    ValidJson(input): ValidJson<ReplyInput>,
) -> Result<Json<Question>> {
    let before = store::find(&db, id).await?;
    let before = before.ok_or_else(Problem::not_found)?;
    let Some(after) = before.replied(&input.agent, &input.text) else {
        let detail = "The question does not wait for an answer.";
        return Err(Problem::new(StatusCode::CONFLICT).detail(detail));
    };
    changed(&db, &before, after).await
}
