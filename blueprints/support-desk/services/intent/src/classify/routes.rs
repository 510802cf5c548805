//! The classifier over HTTP.

use axum::extract::State;
use axum::{Extension, Json};
use chassis::{Database, Result, ValidJson};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Classifier;
use super::bayes::Guess;

/// How many guesses are shown.
const SHOWN: usize = 3;

/// What somebody asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// What it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// The likeliest intents, up to three; none where no word of the text is in any sample.
    pub guesses: Vec<Guess>,
}

/// The route of the classifier.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(classify))
        .layer(Extension(Classifier::default()))
}

// Questions are long and may hold what is nobody's business: they don't belong into addresses.
#[utoipa::path(
    post,
    path = "/classify",
    tag = "classify",
    operation_id = "classify",
    summary = "Tell what a question is about",
    request_body = Question,
    responses((status = 200, description = "As far as the samples teach it", body = Verdict)),
)]
async fn classify(
    State(db): State<Database>,
    Extension(classifier): Extension<Classifier>,
    ValidJson(question): ValidJson<Question>,
) -> Result<Json<Verdict>> {
    let mut guesses = classifier.model(&db).await?.classify(&question.text);
    guesses.truncate(SHOWN);
    for guess in &mut guesses {
        guess.probability = (guess.probability * 1000.0).round() / 1000.0;
    }
    Ok(Json(Verdict { guesses }))
}
