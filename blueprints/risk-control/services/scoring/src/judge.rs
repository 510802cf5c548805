//! What decides: the rules and the model in use. It is made anew when one of them changes, and
//! never changes itself.

use features_client::types::Features;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auc::auc;
use crate::held_out::Example;
use crate::model::Model;
use crate::rules::Rules;

/// The rules and the model in use.
#[derive(Debug, Clone)]
pub struct Judge {
    pub rules: Rules,
    /// The model with its id, if there is one.
    pub model: Option<(i64, Model)>,
}

/// What becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approve,
    /// Somebody looks at it.
    Review,
    Decline,
}

/// How well payments are told apart that were held out: areas under ROC curves, 0.5 by chance, 1 at
/// best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Quality {
    /// Payments that were held out, and how many of these were fraud.
    pub payments: usize,
    pub frauds: usize,
    /// By the rules alone.
    pub rules: Option<f64>,
    /// By the model alone.
    pub model: Option<f64>,
    /// By both, as payments are scored.
    pub both: Option<f64>,
}

impl Judge {
    /// From 0 to 1. Rules and model are taken for two witnesses: fraud is missed only if both miss
    /// it.
    fn risk(&self, features: &Features) -> f64 {
        1.0 - (1.0 - self.by_rules(features)) * (1.0 - self.by_model(features))
    }

    fn by_rules(&self, features: &Features) -> f64 {
        let (points, _) = self.rules.judge(features);
        f64::from(u8::try_from(points).unwrap_or(100)) / 100.0
    }

    fn by_model(&self, features: &Features) -> f64 {
        let model = self.model.as_ref();
        model.map_or(0.0, |(_, model)| model.probability(features))
    }

    /// The score, from 0 to 1000, what it leads to, and why.
    #[must_use]
    pub fn decide(&self, features: &Features) -> (i64, Decision, Vec<String>) {
        let score = thousandths(self.risk(features));
        let decision = match score {
            score if score >= self.rules.decline_at => Decision::Decline,
            score if score >= self.rules.review_at => Decision::Review,
            _ => Decision::Approve,
        };
        let (_, mut reasons) = self.rules.judge(features);
        if let Some((_, model)) = &self.model {
            reasons.extend(model.reasons(features));
        }
        (score, decision, reasons)
    }

    /// How well it does.
    #[must_use]
    pub fn quality(&self, examples: &[Example]) -> Quality {
        let area = |by: &dyn Fn(&Features) -> f64| {
            let scored = examples.iter().map(|one| (by(&one.features), one.fraud));
            auc(&scored.collect::<Vec<_>>()).map(rounded)
        };
        Quality {
            payments: examples.len(),
            frauds: examples.iter().filter(|one| one.fraud).count(),
            rules: area(&|features| self.by_rules(features)),
            model: self
                .model
                .as_ref()
                .and_then(|(_, model)| quality(model, examples)),
            both: area(&|features| self.risk(features)),
        }
    }
}

/// How well a model does alone.
#[must_use]
pub fn quality(model: &Model, examples: &[Example]) -> Option<f64> {
    let scored = examples
        .iter()
        .map(|one| (model.probability(&one.features), one.fraud));
    auc(&scored.collect::<Vec<_>>()).map(rounded)
}

/// Four places: more would claim more than so few frauds can show.
fn rounded(area: f64) -> f64 {
    (area * 10_000.0).round() / 10_000.0
}

/// A number from 0 to 1 as whole thousandths.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it is a whole number up to 1000"
)]
fn thousandths(risk: f64) -> i64 {
    (risk * 1000.0).round().clamp(0.0, 1000.0) as i64
}
