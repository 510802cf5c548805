//! The model: a logistic regression, as training publishes it.
//!
//! The logarithm of the odds of fraud is `bias` plus, for each term, its weight times the distance
//! of the feature from its mean. So a term tells by how much its feature speaks for or against it.

use std::collections::HashSet;

use features_client::types::Features;
use serde::{Deserialize, Serialize};

use crate::feature::Feature;

/// Reasons that are told at most.
const REASONS: usize = 3;
/// What multiplies the odds by less than this is no reason: e to this power, 1.65.
const NOTEWORTHY: f64 = 0.5;

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub bias: f64,
    pub terms: Vec<Term>,
}

/// What one feature adds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub feature: Feature,
    /// Whether `ln(1 + x)` is taken of it: where a step from 1 to 2 says more than one from 101 to
    /// 102.
    pub log: bool,
    pub mean: f64,
    pub weight: f64,
}

impl Term {
    fn adds(&self, features: &Features) -> f64 {
        let value = self.feature.of(features);
        let value = if self.log { value.ln_1p() } else { value };
        self.weight * (value - self.mean)
    }
}

impl Model {
    /// Looks for what would make it answer nonsense.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        if self.terms.is_empty() {
            return Err("it has no terms".to_owned());
        }
        let mut known = HashSet::new();
        for term in &self.terms {
            if !known.insert(term.feature) {
                return Err(format!("it has {:?} twice", term.feature));
            }
        }
        let mut numbers = self.terms.iter().flat_map(|term| [term.mean, term.weight]);
        if !self.bias.is_finite() || numbers.any(|number| !number.is_finite()) {
            return Err("it has a number that is none".to_owned());
        }
        Ok(())
    }

    /// How likely fraud is, from 0 to 1.
    #[must_use]
    pub fn probability(&self, features: &Features) -> f64 {
        let added: f64 = self.terms.iter().map(|term| term.adds(features)).sum();
        1.0 / (1.0 + (-(self.bias + added)).exp())
    }

    /// What speaks for fraud most.
    #[must_use]
    pub fn reasons(&self, features: &Features) -> Vec<String> {
        let terms = self.terms.iter().map(|term| (term, term.adds(features)));
        let mut strong: Vec<_> = terms.filter(|(_, adds)| *adds >= NOTEWORTHY).collect();
        strong.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        strong.truncate(REASONS);
        let told = strong.iter().map(|(term, adds)| {
            let times = adds.exp();
            format!(
                "Model: {} makes the odds {times:.1} times as high.",
                term.feature.words()
            )
        });
        told.collect()
    }
}
