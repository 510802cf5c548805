//! A training: what is known of the past becomes a candidate, which others are told of.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::{Database, Problem, Result, outbox};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::candidate::model::{Candidate, CandidateInput};
use crate::candidate::store;
use crate::clients::Clients;
use crate::examples::{self, Example, FEATURES};
use crate::fit::{Fit, fit};

/// One of so many examples is set aside, to measure with what was not learnt from.
const SET_ASIDE: usize = 5;

/// The route that trains.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(train))
}

#[utoipa::path(
    post,
    path = "/trainings",
    tag = "trainings",
    operation_id = "train",
    summary = "Fit a model to the past, and publish it as a candidate",
    description = "Scoring takes it over if it is better than the one in use, on payments that it \
        has held out.",
    responses(
        (status = 201, description = "The candidate", body = Candidate),
        (
            status = 409, description = "The past has nothing to learn from",
            body = Problem, content_type = "application/problem+json",
        ),
    ),
)]
async fn train(
    State(db): State<Database>,
    Extension(clients): Extension<Clients>,
    caller: Caller,
) -> Result<(StatusCode, Json<Candidate>)> {
    let decided = examples::decided(&clients.cases.on_behalf_of(&caller)).await?;
    // It takes a while, in which this thread has other requests to answer.
    let fitted = tokio::task::spawn_blocking(move || candidate(decided)).await;
    let fitted = fitted.map_err(anyhow::Error::from)??;
    let nothing = || Problem::new(StatusCode::CONFLICT).detail("There is nothing to learn from.");
    let input = fitted.ok_or_else(nothing)?;
    let mut transaction = db.begin().await?;
    let candidate = store::insert(&mut transaction, &input).await?;
    transaction.commit().await?;
    outbox::wake();
    Ok((StatusCode::CREATED, Json(candidate)))
}

/// A candidate, by the examples that come with the service and those that people decided.
///
/// # Errors
/// The examples that come with the service are broken.
pub fn candidate(decided: Vec<Example>) -> anyhow::Result<Option<CandidateInput>> {
    let cases = decided.len();
    let all = examples::past()?.into_iter().chain(decided).enumerate();
    let (aside, learnt): (Vec<_>, Vec<_>) = all.partition(|(index, _)| index % SET_ASIDE == 0);
    let [aside, learnt] = [aside, learnt]
        .map(|part| -> Vec<Example> { part.into_iter().map(|(_, example)| example).collect() });
    let found = fit(&learnt);
    Ok(found.map(|fit| CandidateInput {
        document: document(&fit),
        metrics: json!({
            "examples": learnt.len(),
            "of_cases": cases,
            "set_aside": aside.len(),
            "steps": fit.steps,
            "log_loss": rounded(fit.log_loss(&learnt)),
            "log_loss_set_aside": rounded(fit.log_loss(&aside)),
        }),
    }))
}

/// The model as scoring reads it.
fn document(fit: &Fit) -> Value {
    let term = |(index, feature): (usize, &examples::Feature)| {
        json!({
            "feature": feature.name,
            "log": feature.log,
            "mean": rounded(fit.means[index]),
            "weight": rounded(fit.weights[index]),
        })
    };
    let terms: Vec<Value> = FEATURES.iter().enumerate().map(term).collect();
    json!({ "bias": rounded(fit.bias), "terms": terms })
}

/// Six places: so every machine publishes the same, whatever it makes of the last ones.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
