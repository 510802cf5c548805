//! The least that can answer `GET /orders/{id}` from the database of a generated service: no metrics, no tracing,
//! no limits, no errors that explain themselves. Takes PORT and the path of the database from the environment.

use std::env::var;
use std::error::Error;
use std::net::Ipv4Addr;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use uuid::Uuid;

const FIND: &str = r#"
    SELECT "id", "customer", "item", "quantity", "total", "status", "created_at", "updated_at",
        "row_version"
    FROM "orders"
    WHERE "id" = $1
"#;

#[derive(serde::Serialize, sqlx::FromRow)]
struct Order {
    id: Uuid,
    customer: String,
    item: String,
    quantity: i64,
    total: i64,
    status: String,
    created_at: String,
    updated_at: String,
    #[serde(skip)]
    #[expect(dead_code, reason = "read because the generated service reads it")]
    row_version: i64,
}

async fn read(State(pool): State<SqlitePool>, Path(id): Path<Uuid>) -> Result<Json<Order>, StatusCode> {
    let found = sqlx::query_as(FIND).bind(id).fetch_optional(&pool).await;
    found.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?.map(Json).ok_or(StatusCode::NOT_FOUND)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = SqliteConnectOptions::new().filename(var("DATABASE")?);
    // The same pool as a generated service has for reading.
    let pool = SqlitePoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await?;
    let app = Router::new().route("/orders/{id}", get(read)).with_state(pool);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, var("PORT")?.parse()?)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
