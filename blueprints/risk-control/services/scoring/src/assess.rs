//! One call, one answer: score, decision and reasons, before the deadline or by default.

use std::time::Duration;

use axum::{Extension, Json};
use chassis::client::Caller;
use chassis::{Database, Decimal, Settings, Timestamp, ValidJson};
use features_client::types::{Features, Question};
use serde::{Deserialize, Serialize};
use sqlx::types::Uuid;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa::openapi::ObjectBuilder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clients::Clients;
use crate::current::Current;
use crate::judge::Decision;

/// How long features are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Duration);

impl Deadline {
    /// Reads the setting.
    pub fn read(given: &mut Settings) -> Self {
        Self(Duration::from_millis(
            given.get("FEATURES_DEADLINE_MS", 200),
        ))
    }
}

/// A payment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// Which transaction it is.
    pub transaction: Uuid,
    #[schema(min_length = 1, max_length = 64)]
    pub card: String,
    #[schema(schema_with = amount_schema)]
    pub amount: Decimal<18, 2>,
    #[schema(min_length = 2, max_length = 2)]
    pub country: String,
    /// When it was made.
    pub at: Timestamp,
}

fn amount_schema() -> ObjectBuilder {
    Decimal::<18, 2>::input_schema().minimum(Some(0.01))
}

/// What is thought of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assessment {
    pub decision: Decision,
    /// From 0 to 1000: the more, the likelier it is fraud. None if there was no time to find out.
    pub score: Option<i64>,
    pub basis: Basis,
    /// The model, if one had a say.
    pub model: Option<i64>,
    pub reasons: Vec<String>,
    /// What it was judged by.
    #[schema(value_type = Option<Object>)]
    pub features: Option<Features>,
}

/// What it was decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// By rules and model.
    RulesAndModel,
    /// By rules alone: there is no model yet.
    Rules,
    /// By nothing: somebody has to look at it.
    Default,
}

/// The route of assessments.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(assess))
}

#[utoipa::path(
    post,
    path = "/assessments",
    tag = "assessments",
    operation_id = "assess",
    summary = "Assess a payment",
    description = "Nothing is stored. Where features are away or late, the answer is the safe \
        default, and says so: `review` on the basis `default`.",
    request_body = Payment,
    responses((status = 200, description = "What is thought of it", body = Assessment)),
)]
async fn assess(
    Extension(current): Extension<Current>,
    Extension(clients): Extension<Clients>,
    Extension(deadline): Extension<Deadline>,
    caller: Caller,
    ValidJson(payment): ValidJson<Payment>,
) -> Json<Assessment> {
    let question = Question {
        transaction: payment.transaction,
        card: payment.card,
        amount: payment.amount,
        country: payment.country,
        at: payment.at,
    };
    let features = clients.features.on_behalf_of(&caller);
    let asked = timeout(deadline.0, features.ask_features(&question)).await;
    let assessment = match asked {
        Ok(Ok(features)) => by(&current, features),
        Ok(Err(failure)) => default(&format!("The card's past is not known: {failure}.")),
        Err(_) => default("The card's past is not known: it was not told in time."),
    };
    Json(assessment)
}

fn by(current: &Current, features: Features) -> Assessment {
    let state = current.get();
    let (score, decision, reasons) = state.judge.decide(&features);
    let model = state.judge.model.as_ref().map(|(id, _)| *id);
    Assessment {
        decision,
        score: Some(score),
        basis: if model.is_some() {
            Basis::RulesAndModel
        } else {
            Basis::Rules
        },
        model,
        reasons,
        features: Some(features),
    }
}

fn default(why: &str) -> Assessment {
    tracing::warn!(why, "a payment is not judged");
    Assessment {
        decision: Decision::Review,
        score: None,
        basis: Basis::Default,
        model: None,
        reasons: vec![why.to_owned()],
        features: None,
    }
}
