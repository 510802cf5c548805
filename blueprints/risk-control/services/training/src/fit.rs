//! Logistic regression: a straight line through the logarithm of the odds, found by gradient
//! descent on the log loss, with a penalty on large weights (L2).

use crate::examples::{Example, FEATURES};

/// One number for each feature.
pub type Vector = [f64; FEATURES.len()];

/// What large weights cost: with few frauds, a feature must not win by luck.
const PENALTY: f64 = 0.001;
/// How far a step goes. With features of variance 1, no step can go too far at this pace: the
/// loss bends by a quarter of the number of weights at most.
const PACE: f64 = 0.5;
/// No more steps than this, and none when the slope is flatter than that.
const STEPS: u32 = 1000;
const FLAT: f64 = 0.0005;

/// What was found: `bias`, and for each feature a weight, times its distance from the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub bias: f64,
    pub weights: Vector,
    pub means: Vector,
    /// Steps that were taken.
    pub steps: u32,
}

/// A point on the way, and its slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub bias: f64,
    pub weights: Vector,
}

/// Fits a model; `None` if there is nothing to tell apart.
#[must_use]
pub fn fit(examples: &[Example]) -> Option<Fit> {
    let frauds = examples.iter().filter(|example| example.fraud).count();
    if frauds == 0 || frauds == examples.len() {
        return None;
    }
    let count = length(examples);
    let means = each(|i| examples.iter().map(|one| one.values[i]).sum::<f64>() / count);
    let spreads = each(|i| {
        let squares = examples
            .iter()
            .map(|one| (one.values[i] - means[i]).powi(2));
        let spread = (squares.sum::<f64>() / count).sqrt();
        // What is the same everywhere tells nothing, and is no reason to divide by zero.
        if spread > 0.0 { spread } else { 1.0 }
    });
    let standard = |one: &Example| Example {
        values: each(|i| (one.values[i] - means[i]) / spreads[i]),
        fraud: one.fraud,
    };
    let standardized: Vec<Example> = examples.iter().map(standard).collect();
    let (point, steps) = descend(&standardized);
    Some(Fit {
        bias: point.bias,
        weights: each(|i| point.weights[i] / spreads[i]),
        means,
        steps,
    })
}

/// The way down, and how many steps it took.
fn descend(examples: &[Example]) -> (Point, u32) {
    let mut point = Point {
        bias: 0.0,
        weights: Vector::default(),
    };
    for step in 0..STEPS {
        let slope = gradient(&point, examples);
        if slope.bias.abs() < FLAT && slope.weights.iter().all(|slope| slope.abs() < FLAT) {
            return (point, step);
        }
        point.bias -= PACE * slope.bias;
        point.weights = each(|i| point.weights[i] - PACE * slope.weights[i]);
    }
    (point, STEPS)
}

/// How the loss changes with the bias and each weight: the mean of what is said too much, times the
/// feature, and the penalty's part.
#[must_use]
pub fn gradient(point: &Point, examples: &[Example]) -> Point {
    let mut sum = Point {
        bias: 0.0,
        weights: Vector::default(),
    };
    for example in examples {
        let said = logistic(point.bias + product(&point.weights, &example.values));
        let too_much = said - f64::from(u8::from(example.fraud));
        sum.bias += too_much;
        sum.weights = each(|i| sum.weights[i] + too_much * example.values[i]);
    }
    let count = length(examples);
    Point {
        bias: sum.bias / count,
        weights: each(|i| sum.weights[i] / count + PENALTY * point.weights[i]),
    }
}

impl Fit {
    /// How likely fraud is.
    #[must_use]
    pub fn probability(&self, values: &Vector) -> f64 {
        let distances = each(|i| values[i] - self.means[i]);
        logistic(self.bias + product(&self.weights, &distances))
    }

    /// The mean surprise, in nats, at what the examples turned out to be: the less, the better.
    #[must_use]
    pub fn log_loss(&self, examples: &[Example]) -> f64 {
        let surprise = |one: &Example| {
            let fraud = self.probability(&one.values);
            let came = if one.fraud { fraud } else { 1.0 - fraud };
            -came.max(f64::MIN_POSITIVE).ln()
        };
        examples.iter().map(surprise).sum::<f64>() / length(examples)
    }
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

fn product(one: &Vector, other: &Vector) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn each(of: impl FnMut(usize) -> f64) -> Vector {
    std::array::from_fn(of)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are fewer than 2^52 examples"
)]
fn length(examples: &[Example]) -> f64 {
    examples.len() as f64
}
