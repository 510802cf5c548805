//! How a case ends: somebody says what it was. Training learns from that.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chassis::{Database, Id, Problem, Result, Timestamp, ValidJson, write};
use serde::{Deserialize, Serialize};
use sqlx::query_as;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Case, CaseStatus};
use super::store;

/// Of two who decide at once, one is told that it was done.
const DECIDE: &str = r#"
    UPDATE "cases"
    SET "status" = $2, "note" = $3, "updated_at" = $4, "row_version" = "row_version" + 1
    WHERE "id" = $1 AND "status" = 'open'
    RETURNING "id", "transaction", "card", "amount", "decision", "score", "reasons", "features",
        "status", "note", "created_at", "updated_at", "row_version"
"#;

/// What somebody found out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Finding {
    fraud: bool,
    #[schema(max_length = 2000)]
    note: Option<String>,
}

pub(super) fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(decide))
}

#[utoipa::path(
    post,
    path = "/cases/{id}/finding",
    tag = "cases",
    operation_id = "decide_case",
    summary = "Say what a case was",
    params(("id" = Uuid, Path)),
    request_body = Finding,
    responses(
        (status = 200, description = "The case, which is no longer open", body = Case),
        (
            status = 409, description = "It was decided before",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn decide(
    State(db): State<Database>,
    Id(id): Id<Uuid>,
    ValidJson(finding): ValidJson<Finding>,
) -> Result<Json<Case>> {
    let status = if finding.fraud {
        CaseStatus::Fraud
    } else {
        CaseStatus::Legitimate
    };
    let decided: Option<Case> = write!(&db, |pool| query_as(DECIDE)
        .bind(id)
        .bind(status)
        .bind(&finding.note)
        .bind(Timestamp::now())
        .fetch_optional(pool))?;
    match decided {
        Some(case) => Ok(Json(case)),
        None if store::find(&db, id).await?.is_none() => Err(Problem::not_found()),
        None => Err(Problem::new(StatusCode::CONFLICT).detail("It was decided before.")),
    }
}
