//! Labelled payments by which models are judged. They are younger than those that models are
//! trained with, and training never sees them.

use anyhow::{Context, ensure};
use features_client::types::Features;

/// The file, which is part of the binary: put your own in its place.
const FILE: &str = include_str!("../samples/held_out.csv");
const HEADER: &str = "amount,hour_count,day_count,day_sum,ratio,new_country,first,night,fraud";

/// A payment, and whether it was fraud.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub features: Features,
    pub fraud: bool,
}

/// All of them.
///
/// # Errors
/// A line is none.
pub fn examples() -> anyhow::Result<Vec<Example>> {
    read(FILE)
}

/// Reads a file of that kind.
///
/// # Errors
/// Names the line that is none.
pub fn read(text: &str) -> anyhow::Result<Vec<Example>> {
    let mut lines = text.lines();
    ensure!(lines.next() == Some(HEADER), "the columns are not {HEADER}");
    let example = |(index, line): (usize, &str)| {
        let numbers = line.split(',').map(str::parse);
        let numbers: Vec<f64> = numbers
            .collect::<Result<_, _>>()
            .with_context(|| format!("line {} is not made of numbers", index + 2))?;
        let [
            amount,
            hour_count,
            day_count,
            day_sum,
            ratio,
            new_country,
            first,
            night,
            fraud,
        ] = numbers[..]
        else {
            anyhow::bail!("line {} has {} columns", index + 2, numbers.len());
        };
        let features = Features {
            amount,
            hour_count,
            day_count,
            day_sum,
            ratio,
            new_country,
            first,
            night,
        };
        Ok(Example {
            features,
            fraud: fraud > 0.0,
        })
    };
    lines.enumerate().map(example).collect()
}
