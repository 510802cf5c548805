//! Rules and models over HTTP: what is in use, and new rules.

use axum::extract::State;
use axum::{Extension, Json};
use chassis::{Database, Problem, Result, ValidJson};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::current::{Current, Verdict};
use crate::judge::Quality;
use crate::rules::Rules;
use crate::store;

/// The rules in use.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesInUse {
    /// Counts up with each change; 0 are those that the service came with.
    pub revision: i64,
    pub rules: Rules,
}

/// How payments are judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelsSeen {
    /// The model in use, if there is one.
    pub model: Option<i64>,
    /// How well rules and model do on the payments that were held out.
    pub quality: Quality,
    /// All models that training has published.
    pub candidates: Vec<Verdict>,
}

/// The routes of rules and models.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(read_rules, replace_rules))
        .routes(routes!(read_models))
}

#[utoipa::path(
    get,
    path = "/rules",
    tag = "rules",
    operation_id = "read_rules",
    summary = "Read the rules",
    responses((status = 200, description = "Those in use", body = RulesInUse)),
)]
async fn read_rules(Extension(current): Extension<Current>) -> Json<RulesInUse> {
    Json(in_use(&current))
}

#[utoipa::path(
    put,
    path = "/rules",
    tag = "rules",
    operation_id = "replace_rules",
    summary = "Replace the rules",
    description = "They are in use here with the answer, and in all replicas a second later. Rules \
        that are not right are refused, and those from before stay.",
    request_body = Rules,
    responses((status = 200, description = "Those in use", body = RulesInUse)),
)]
async fn replace_rules(
    State(db): State<Database>,
    Extension(current): Extension<Current>,
    ValidJson(rules): ValidJson<Rules>,
) -> Result<Json<RulesInUse>> {
    let errors = rules.check();
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    store::insert_rules(&db, &rules).await?;
    current.reload(&db).await?;
    Ok(Json(in_use(&current)))
}

fn in_use(current: &Current) -> RulesInUse {
    let state = current.get();
    RulesInUse {
        revision: state.revision,
        rules: state.judge.rules.clone(),
    }
}

#[utoipa::path(
    get,
    path = "/models",
    tag = "models",
    operation_id = "read_models",
    summary = "Read which model is in use, and how good it is",
    responses((status = 200, description = "As measured here", body = ModelsSeen)),
)]
async fn read_models(Extension(current): Extension<Current>) -> Json<ModelsSeen> {
    let state = current.get();
    Json(ModelsSeen {
        model: state.judge.model.as_ref().map(|(id, _)| *id),
        quality: state.judge.quality(current.examples()),
        candidates: state.candidates.clone(),
    })
}
