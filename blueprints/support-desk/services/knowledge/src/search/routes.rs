//! The search over HTTP.

use axum::extract::State;
use axum::{Extension, Json};
use chassis::{Database, Result, ValidJson};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::Search;

/// How many articles are shown.
const SHOWN: usize = 3;

/// What somebody asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// What it is about, if that is known: articles of this topic count more.
    #[schema(max_length = 60)]
    pub topic: Option<String>,
}

/// An article that may answer it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    pub article: Uuid,
    pub title: String,
    pub body: String,
    pub topic: String,
    /// How much of the question is found in the article: 0 to 1 for most.
    pub score: f64,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// Up to three articles, best first.
    pub hits: Vec<Hit>,
}

/// The route of the search.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .layer(Extension(Search::default()))
}

// Questions are long and may hold what is nobody's business: they don't belong into addresses.
#[utoipa::path(
    post,
    path = "/search",
    tag = "search",
    operation_id = "search",
    summary = "Find the articles that answer a question",
    request_body = Question,
    responses((status = 200, description = "What was found", body = Found)),
)]
async fn search(
    State(db): State<Database>,
    Extension(search): Extension<Search>,
    ValidJson(question): ValidJson<Question>,
) -> Result<Json<Found>> {
    let ranking = search.ranking(&db).await?;
    let found = ranking.search(&question.text, question.topic.as_deref(), SHOWN);
    let hit = |(article, score): (&super::ranking::Article, f64)| Hit {
        article: article.id,
        title: article.title.clone(),
        body: article.body.clone(),
        topic: article.topic.clone(),
        score: (score * 1000.0).round() / 1000.0,
    };
    let hits = found.into_iter().map(hit).collect();
    Ok(Json(Found { hits }))
}
