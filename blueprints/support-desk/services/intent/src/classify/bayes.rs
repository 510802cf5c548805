//! A multinomial naive Bayes classifier, with one added to all counts (Laplace).
//!
//! An intent is as likely as it is frequent among the samples, times, for each word of the
//! question, how frequent that word is among the words of the intent's samples. Words are taken for
//! independent of each other, which they are not; the most likely intent is found all the same, and
//! its probability is told too high rather than too low.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::words::words;

/// What was learned from samples.
#[derive(Debug, Default)]
pub struct Model {
    intents: BTreeMap<String, Intent>,
    vocabulary: HashSet<String>,
    samples: f64,
}

#[derive(Debug, Default)]
struct Intent {
    samples: f64,
    /// How often each word is in its samples.
    words: HashMap<String, f64>,
    /// How many words that makes.
    total: f64,
}

/// How likely an intent is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Guess {
    pub intent: String,
    /// From 0 to 1; those of all intents are 1 together.
    pub probability: f64,
}

impl Model {
    /// Learns from texts, each with its intent.
    #[must_use]
    pub fn train<'a>(samples: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut model = Self::default();
        for (text, intent) in samples {
            model.samples += 1.0;
            let intent = model.intents.entry(intent.to_owned()).or_default();
            intent.samples += 1.0;
            for word in words(text) {
                intent.total += 1.0;
                *intent.words.entry(word.clone()).or_default() += 1.0;
                model.vocabulary.insert(word);
            }
        }
        model
    }

    /// How likely each intent is, the likeliest first; none if no word of the text is in a sample.
    #[must_use]
    pub fn classify(&self, text: &str) -> Vec<Guess> {
        let mut known = words(text);
        known.retain(|word| self.vocabulary.contains(word));
        if known.is_empty() {
            return Vec::new();
        }
        let size = f64::from(u32::try_from(self.vocabulary.len()).unwrap_or(u32::MAX));
        // Products of many small numbers would become zero: logarithms are added instead.
        let weight = |intent: &Intent| {
            let words = known.iter().map(|word| {
                let count = intent.words.get(word).copied().unwrap_or_default();
                ((count + 1.0) / (intent.total + size)).ln()
            });
            (intent.samples / self.samples).ln() + words.sum::<f64>()
        };
        let intents = self.intents.iter();
        let weights: Vec<_> = intents.map(|(name, of)| (name, weight(of))).collect();
        let largest = weights.iter().map(|(_, weight)| *weight).reduce(f64::max);
        let largest = largest.unwrap_or_default();
        let all: f64 = weights
            .iter()
            .map(|(_, weight)| (weight - largest).exp())
            .sum();
        let guess = |(name, weight): &(&String, f64)| Guess {
            intent: (*name).clone(),
            probability: (weight - largest).exp() / all,
        };
        let mut guesses: Vec<Guess> = weights.iter().map(guess).collect();
        guesses.sort_by(|one, other| other.probability.total_cmp(&one.probability));
        guesses
    }
}

#[cfg(test)]
mod tests {
    use super::Model;

    const SAMPLES: [(&str, &str); 2] = [
        ("refund money", "returns"),
        ("ship parcel late", "delivery"),
    ];

    /// Worked out by hand: of 5 words in all, `returns` has 2 and `delivery` 3. For `refund late`
    /// that is 1/2 * (1+1)/(2+5) * (0+1)/(2+5) = 1/2 * 2/49 and 1/2 * (0+1)/(3+5) * (1+1)/(3+5) =
    /// 1/2 * 2/64, so 64 : 49.
    #[test]
    fn probabilities_are_those_worked_out_by_hand() {
        let guesses = Model::train(SAMPLES).classify("A refund, so late?");
        let names: Vec<_> = guesses.iter().map(|guess| guess.intent.as_str()).collect();
        assert_eq!(names, ["returns", "delivery"]);
        assert!((guesses[0].probability - 64.0 / 113.0).abs() < 1e-12);
        assert!((guesses[1].probability - 49.0 / 113.0).abs() < 1e-12);
    }

    /// Three samples of four are of one intent: 3/4 * 2/8 and 1/4 * 2/6 for a word that both have
    /// once, of 4 words in all, 4 here and 2 there.
    #[test]
    fn frequent_intents_are_likelier() {
        let samples = [
            ("order", "a"),
            ("chair", "a"),
            ("table lamp", "a"),
            ("order chair", "b"),
        ];
        let guesses = Model::train(samples).classify("order");
        assert_eq!(guesses[0].intent, "a");
        let (a, b) = (3.0 / 4.0 * 2.0 / 8.0, 1.0 / 4.0 * 2.0 / 6.0);
        assert!((guesses[0].probability - a / (a + b)).abs() < 1e-12);
    }

    #[test]
    fn what_nobody_has_said_before_is_not_guessed_at() {
        let model = Model::train(SAMPLES);
        assert_eq!(model.classify("Quantum chromodynamics?"), []);
        assert_eq!(model.classify(""), []);
        assert_eq!(Model::train([]).classify("refund"), []);
        // A word that nobody knows changes nothing.
        assert_eq!(model.classify("refund"), model.classify("quantum refund"));
    }
}
