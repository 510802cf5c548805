//! Notes: what customers, and the shop itself, are told.

use axum::Json;
use axum::extract::State;
use chassis::{CloudEvent, Database, Result, Timestamp, Transaction, execute, read};
use serde::Serialize;
use sqlx::{FromRow, query, query_as};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const INSERT: &str = r#"
    INSERT INTO "notes" ("recipient", "text", "created_at") VALUES ($1, $2, $3)
"#;

const LATEST: &str = r#"
    SELECT "id", "recipient", "text", "created_at"
    FROM "notes"
    ORDER BY "id" DESC
    LIMIT 100
"#;

/// A note.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Note {
    pub id: i64,
    /// A customer's id, or `shop`.
    pub recipient: String,
    pub text: String,
    pub created_at: Timestamp,
}

/// Writes the note that an event asks for. Sending it is up to whoever reads the table.
pub async fn write(
    transaction: &mut Transaction,
    event: &CloudEvent,
) -> std::result::Result<(), sqlx::Error> {
    let (recipient, text) = words(event);
    let written = execute!(
        transaction,
        query(INSERT)
            .bind(&recipient)
            .bind(&text)
            .bind(Timestamp::now())
    );
    written.map(drop)
}

/// Who is told, and what.
fn words(event: &CloudEvent) -> (String, String) {
    let data = |name: &str| {
        let value = &event.data[name];
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    match event.kind.as_str() {
        "order.confirmed" => (
            data("customer"),
            format!(
                "Your order {} of {} is confirmed.",
                data("order"),
                data("total")
            ),
        ),
        "order.cancelled" => (
            data("customer"),
            format!(
                "Your order {} is cancelled: {}",
                data("order"),
                data("reason")
            ),
        ),
        _ => (
            "shop".to_owned(),
            format!("Only {} left of {}.", data("available"), data("product")),
        ),
    }
}

/// The route that shows the latest notes.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(list))
}

#[utoipa::path(
    get,
    path = "/notes",
    tag = "notes",
    operation_id = "list_notes",
    summary = "List the latest notes, newest first",
    responses((status = 200, description = "Up to a hundred", body = Vec<Note>)),
)]
async fn list(State(db): State<Database>) -> Result<Json<Vec<Note>>> {
    let notes = read!(&db, |pool| query_as(LATEST).fetch_all(pool))?;
    Ok(Json(notes))
}
