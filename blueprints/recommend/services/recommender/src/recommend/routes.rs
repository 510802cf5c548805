//! Recommendations over HTTP.

use axum::extract::State;
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::{Database, Id, Result};
use serde::Serialize;
use sqlx::types::Uuid;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::Scored;
use super::{Recommender, rebuild, taste};
use crate::clients::Clients;

/// How many products are recommended.
const SHOWN: usize = 5;

/// What is recommended to a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommendations {
    pub user: Uuid,
    /// Up to five products, best first.
    pub products: Vec<Recommended>,
    /// The service that did not answer: what is recommended may be worse for it.
    pub missing: Option<String>,
}

/// A product that is recommended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recommended {
    pub product: Uuid,
    /// Comparable among those with the same reason.
    pub score: f64,
    pub because: Because,
}

/// Why a product is recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Who has to do with the same products has to do with this one, too.
    Alike,
    /// Many like it of those who like the user's favourite category.
    Favourite,
    /// Many like it.
    Popular,
}

/// How much was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rebuilt {
    /// Views and orders.
    pub read: usize,
}

/// The routes of recommendations.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(recommend))
        .routes(routes!(like))
        .routes(routes!(again))
        .layer(Extension(Recommender::default()))
}

#[utoipa::path(
    get,
    path = "/recommendations/{id}",
    tag = "recommendations",
    operation_id = "recommend",
    summary = "Read what a user may like",
    description = "By what they have looked at and bought; where that gives too little, what is \
        popular in their favourite category, and then at all.",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 200, description = "Up to five products", body = Recommendations)),
)]
async fn recommend(
    State(db): State<Database>,
    Extension(recommender): Extension<Recommender>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
    Id(user): Id<Uuid>,
) -> Result<Json<Recommendations>> {
    let model = recommender.model(&db).await?;
    let mut products = shown(model.for_user(user), Because::Alike);
    let mut missing = None;
    if products.len() < SHOWN {
        let (favourites, away) = taste::favourites(&clients, &caller, user).await;
        missing = away.map(str::to_owned);
        let (favourite, other): (Vec<_>, Vec<_>) = model
            .popular(user)
            .into_iter()
            .filter(|(product, _)| products.iter().all(|known| known.product != *product))
            .partition(|(product, _)| favourites.contains(product));
        products.extend(shown(favourite, Because::Favourite));
        products.extend(shown(other, Because::Popular));
        products.truncate(SHOWN);
    }
    Ok(Json(Recommendations {
        user,
        products,
        missing,
    }))
}

#[utoipa::path(
    get,
    path = "/alike/{id}",
    tag = "recommendations",
    operation_id = "read_alike",
    summary = "Read which products are most like this one",
    params(("id" = Uuid, Path, description = "The product")),
    responses((status = 200, description = "Up to five", body = Vec<Recommended>)),
)]
async fn like(
    State(db): State<Database>,
    Extension(recommender): Extension<Recommender>,
    Id(product): Id<Uuid>,
) -> Result<Json<Vec<Recommended>>> {
    let model = recommender.model(&db).await?;
    Ok(Json(shown(model.like(product), Because::Alike)))
}

#[utoipa::path(
    post,
    path = "/rebuild",
    tag = "recommendations",
    operation_id = "rebuild",
    summary = "Read all views and orders again",
    description = "For a database that was lost, or events that were. It adds what is missing.",
    responses((status = 200, description = "All is known that they know", body = Rebuilt)),
)]
async fn again(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
) -> Result<Json<Rebuilt>> {
    let read = rebuild::rebuild(&db, &clients, &caller).await?;
    Ok(Json(Rebuilt { read }))
}

fn shown(scored: Vec<Scored>, because: Because) -> Vec<Recommended> {
    let shown = |(product, score): Scored| Recommended {
        product,
        score: (score * 1000.0).round() / 1000.0,
        because,
    };
    scored.into_iter().take(SHOWN).map(shown).collect()
}
