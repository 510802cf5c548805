//! A sample of what a service makes of events: how many of each type there were.

use axum::Json;
use axum::extract::State;
use chassis::{Database, Result, Transaction, execute, read};
use serde::Serialize;
use sqlx::{FromRow, query, query_as};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const COUNT: &str = r#"
    INSERT INTO "tallies" ("type", "count") VALUES ($1, 1)
    ON CONFLICT ("type") DO UPDATE SET "count" = "tallies"."count" + 1
"#;

const ALL: &str = r#"SELECT "type" AS "kind", "count" FROM "tallies" ORDER BY "type""#;

/// How many events of a type there were.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Tally {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number.
    pub count: i64,
}

/// Counts one event.
pub async fn count(
    transaction: &mut Transaction,
    kind: &str,
) -> std::result::Result<(), sqlx::Error> {
    execute!(transaction, query(COUNT).bind(kind)).map(drop)
}

/// The route that shows what was counted.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(list))
}

#[utoipa::path(
    get,
    path = "/tallies",
    tag = "tallies",
    operation_id = "list_tallies",
    summary = "List the number of events of each type",
    responses((status = 200, description = "All of them", body = Vec<Tally>)),
)]
async fn list(State(db): State<Database>) -> Result<Json<Vec<Tally>>> {
    let tallies = read!(&db, |pool| query_as(ALL).fetch_all(pool))?;
    Ok(Json(tallies))
}
