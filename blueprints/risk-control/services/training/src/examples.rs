//! What models learn from: past payments, and whether they were fraud. Some come with the service,
//! others are cases that somebody decided.

use anyhow::{Context, ensure};
use cases_client::types::{CaseStatus, ListCasesQuery};
use chassis::client;
use serde_json::Value;

/// The features, in the order of the file's columns.
pub const FEATURES: [Feature; 8] = [
    Feature {
        name: "amount",
        log: true,
    },
    Feature {
        name: "hour_count",
        log: true,
    },
    Feature {
        name: "day_count",
        log: true,
    },
    Feature {
        name: "day_sum",
        log: true,
    },
    Feature {
        name: "ratio",
        log: true,
    },
    Feature {
        name: "new_country",
        log: false,
    },
    Feature {
        name: "first",
        log: false,
    },
    Feature {
        name: "night",
        log: false,
    },
];

/// The file, which is part of the binary: put your own in its place.
const FILE: &str = include_str!("../samples/past.csv");

/// A page of cases.
const PAGE: i64 = 100;

/// A feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    pub name: &'static str,
    /// Whether its logarithm is learnt from, `ln(1 + x)`: it has a few very large values.
    pub log: bool,
}

impl Feature {
    fn scaled(self, value: f64) -> f64 {
        if self.log { value.ln_1p() } else { value }
    }
}

/// A payment of the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its features, scaled.
    pub values: [f64; FEATURES.len()],
    pub fraud: bool,
}

/// Those that come with the service.
///
/// # Errors
/// A line is none.
pub fn past() -> anyhow::Result<Vec<Example>> {
    read(FILE)
}

/// Reads a file of that kind.
///
/// # Errors
/// Names the line that is none.
pub fn read(text: &str) -> anyhow::Result<Vec<Example>> {
    let names = FEATURES.map(|feature| feature.name).join(",");
    let mut lines = text.lines();
    let header = format!("{names},fraud");
    ensure!(
        lines.next() == Some(&header),
        "the columns are not {header}"
    );
    let example = |(index, line): (usize, &str)| {
        let wrong = || format!("line {} is no example", index + 2);
        let numbers = line.split(',').map(str::parse);
        let numbers: Vec<f64> = numbers.collect::<Result<_, _>>().with_context(wrong)?;
        let (fraud, values) = numbers.split_last().with_context(wrong)?;
        let values = <[f64; FEATURES.len()]>::try_from(values).with_context(wrong)?;
        Ok(Example::new(values, *fraud > 0.0))
    };
    lines.enumerate().map(example).collect()
}

/// Those that people decided.
pub async fn decided(cases: &cases_client::Client) -> client::Result<Vec<Example>> {
    let mut examples = Vec::new();
    for (status, fraud) in [(CaseStatus::Fraud, true), (CaseStatus::Legitimate, false)] {
        let mut query = ListCasesQuery {
            status: Some(status),
            limit: Some(PAGE),
            ..ListCasesQuery::default()
        };
        loop {
            let page = cases.list_cases(&query).await?;
            let found = page.entries.iter();
            examples.extend(found.filter_map(|case| of_features(&case.features, fraud)));
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }
    }
    Ok(examples)
}

/// What a case teaches: nothing if it was opened by default, without features.
#[must_use]
pub fn of_features(features: &Value, fraud: bool) -> Option<Example> {
    let values = FEATURES.map(|feature| features[feature.name].as_f64());
    let known: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    Some(Example::new(known.try_into().ok()?, fraud))
}

impl Example {
    fn new(values: [f64; FEATURES.len()], fraud: bool) -> Self {
        let mut scaled = values;
        for (value, feature) in scaled.iter_mut().zip(FEATURES) {
            *value = feature.scaled(*value);
        }
        Self {
            values: scaled,
            fraud,
        }
    }
}
