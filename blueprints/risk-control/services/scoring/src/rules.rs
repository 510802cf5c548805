//! The rules: conditions and the points that they give, and from which score on a payment is looked
//! at or declined. People write them, as one document.

use std::collections::HashSet;

use chassis::FieldError;
use features_client::types::Features;
use serde::{Deserialize, Serialize};
use sqlx::types::JsonValue;
use utoipa::ToSchema;

use crate::feature::Feature;

/// The rules that a new system begins with.
const FIRST: &str = include_str!("../samples/rules.json");

/// All rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The score from which on a person looks at it.
    #[schema(minimum = 1, maximum = 1000)]
    pub review_at: i64,
    /// The score from which on it is declined.
    #[schema(minimum = 1, maximum = 1000)]
    pub decline_at: i64,
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    /// All of these have to hold.
    pub when: Vec<Condition>,
    /// What it adds, of a hundred.
    #[schema(minimum = 1, maximum = 100)]
    pub points: i64,
    /// What is told when it holds.
    pub reason: String,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub feature: Feature,
    pub at_least: f64,
}

impl Rules {
    /// Those that a new system begins with.
    ///
    /// # Errors
    /// The file is broken.
    pub fn first() -> anyhow::Result<Self> {
        let document: JsonValue = FIRST.parse()?;
        Ok(Self::deserialize(document)?)
    }

    /// What is wrong in it, beyond what its schema says of its own fields.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.review_at > self.decline_at {
            let why = "must not be above decline_at";
            errors.push(FieldError::new("review_at", why));
        }
        let mut names = HashSet::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let mut blame = |field: &str, why: &str| {
                errors.push(FieldError::new(format!("rules[{index}].{field}"), why));
            };
            if rule.name.is_empty() || !names.insert(&rule.name) {
                blame("name", "must be there, and be that of no other rule");
            }
            if rule.when.is_empty() {
                blame("when", "must have a condition");
            }
            if !(1..=100).contains(&rule.points) {
                blame("points", "must be from 1 to 100");
            }
        }
        errors
    }

    /// The points of all rules that hold, a hundred at most, and their reasons.
    #[must_use]
    pub fn judge(&self, features: &Features) -> (i64, Vec<String>) {
        let hold = |rule: &&Rule| rule.when.iter().all(|condition| condition.holds(features));
        let (mut points, mut reasons) = (0, Vec::new());
        for rule in self.rules.iter().filter(hold) {
            points += rule.points;
            reasons.push(format!("Rule {}: {}", rule.name, rule.reason));
        }
        (points.min(100), reasons)
    }
}

impl Condition {
    fn holds(&self, features: &Features) -> bool {
        self.feature.of(features) >= self.at_least
    }
}
