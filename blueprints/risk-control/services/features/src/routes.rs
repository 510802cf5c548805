//! Features over HTTP.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use chassis::cache::Redis;
use chassis::{Database, Result, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::store;
use crate::window::{self, Features, Movement, Question};

/// The route of features.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(ask))
        .routes(routes!(list))
}

#[utoipa::path(
    post,
    path = "/features",
    tag = "features",
    operation_id = "ask_features",
    summary = "Ask for the features of a payment",
    description = "Nothing is stored: movements come in as events.",
    request_body = Question,
    responses((status = 200, description = "As of the moment of the payment", body = Features)),
)]
async fn ask(
    State(db): State<Database>,
    Extension(cache): Extension<Redis>,
    ValidJson(question): ValidJson<Question>,
) -> Result<Json<Features>> {
    let movements = store::recent(&db, &cache, &question.card).await?;
    Ok(Json(window::features(&movements, &question)))
}

#[utoipa::path(
    get,
    path = "/cards/{card}/movements",
    tag = "cards",
    operation_id = "list_movements",
    summary = "List what a card did of late, latest first",
    params(("card" = String, Path)),
    responses((status = 200, description = "Up to 256", body = Vec<Movement>)),
)]
async fn list(
    State(db): State<Database>,
    Extension(cache): Extension<Redis>,
    Path(card): Path<String>,
) -> Result<Json<Vec<Movement>>> {
    Ok(Json(store::recent(&db, &cache, &card).await?))
}
