//! Dead letters on the management port, which only those who run the service can reach: look at
//! them, have them tried again when what was wrong is mended, or drop them.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::ARRIVED;
use super::store::{self, DeadLetter};
use crate::{Database, Id, Problem, Result};

/// The routes on the management port.
pub fn routes(database: Database) -> Router {
    Router::new()
        .route("/dead-letters", get(list))
        .route("/dead-letters/replay", post(replay_all))
        .route("/dead-letters/{position}", delete(discard))
        .route("/dead-letters/{position}/replay", post(replay))
        .with_state(database)
}

#[derive(Deserialize)]
struct Part {
    /// The position of the last one that was seen.
    #[serde(default)]
    after: i64,
}

#[derive(Serialize)]
struct Replayed {
    replayed: u64,
}

/// At most so many at once.
const PART: i64 = 100;

async fn list(
    State(database): State<Database>,
    Query(part): Query<Part>,
) -> Result<Json<Vec<DeadLetter>>> {
    Ok(Json(store::dead(&database, part.after, PART).await?))
}

async fn replay(State(database): State<Database>, Id(position): Id<i64>) -> Result<StatusCode> {
    let replayed = store::replay(&database, Some(position)).await?;
    ARRIVED.notify_one();
    if replayed > 0 {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Problem::not_found())
    }
}

async fn replay_all(State(database): State<Database>) -> Result<Json<Replayed>> {
    let replayed = store::replay(&database, None).await?;
    ARRIVED.notify_one();
    Ok(Json(Replayed { replayed }))
}

async fn discard(State(database): State<Database>, Id(position): Id<i64>) -> Result<StatusCode> {
    if store::discard(&database, position).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}
