//! Fits that were worked out by hand.

use training::examples::{Example, FEATURES, of_features, past, read};
use training::fit::{Point, fit, gradient};

/// An example of which the first feature alone is not 0.
fn example(first: f64, fraud: bool) -> Example {
    let mut values = [0.0; FEATURES.len()];
    values[0] = first;
    Example { values, fraud }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
}

#[test]
fn a_slope_is_as_worked_out_by_hand() {
    let examples = [example(1.0, true), example(-1.0, false)];
    let mut point = Point {
        bias: 0.0,
        weights: [0.0; FEATURES.len()],
    };
    // Of both, a half is said: too little by a half, and too much by a half.
    let slope = gradient(&point, &examples);
    near(slope.bias, 0.0);
    near(slope.weights[0], (-0.5 - 0.5) / 2.0);
    near(slope.weights[1], 0.0);

    // Now 1 / (1 + 1/e) = 0.7310586 is said of the first, and 0.2689414 of the other. The penalty
    // is a thousandth of the weight.
    point.weights[0] = 1.0;
    let slope = gradient(&point, &examples);
    near(slope.bias, 0.0);
    near(slope.weights[0], -0.268_941_4 + 0.001);
}

#[test]
fn without_a_clue_the_share_of_frauds_is_said() {
    let examples = [true, false, false, false].map(|fraud| example(7.0, fraud));
    let found = fit(&examples).unwrap();
    assert!((found.probability(&examples[0].values) - 0.25).abs() < 0.001);
    // A quarter of the time -ln 0.25, else -ln 0.75.
    assert!((found.log_loss(&examples) - 0.562_335).abs() < 0.001);
    near(found.means[0], 7.0);
    near(found.weights[0], 0.0);
}

#[test]
fn what_goes_with_fraud_gets_weight() {
    let of = |first: u32, fraud: bool| example(f64::from(first), fraud);
    let fraud_at = [4, 7, 8, 9, 9];
    let honest_at = [0, 1, 2, 2, 3, 5, 8];
    let frauds = fraud_at.into_iter().map(|first| of(first, true));
    let examples: Vec<Example> = frauds
        .chain(honest_at.into_iter().map(|first| of(first, false)))
        .collect();
    let found = fit(&examples).unwrap();
    let said = |first: u32| found.probability(&of(first, false).values);
    assert!(said(1) < 0.2 && said(9) > 0.7, "{} {}", said(1), said(9));
    assert!(found.steps < 1000, "it came to the bottom");
}

#[test]
fn there_has_to_be_something_to_tell_apart() {
    assert_eq!(fit(&[]), None);
    assert_eq!(fit(&[example(1.0, true)]), None);
    assert_eq!(fit(&[example(1.0, false), example(2.0, false)]), None);
}

#[test]
fn examples_are_read_as_they_are_written() {
    let header = "amount,hour_count,day_count,day_sum,ratio,new_country,first,night,fraud";
    let read_one = |line: &str| read(&format!("{header}\n{line}\n"));
    let one = read_one("0,1,0,0,0,1,0,1,1").unwrap();
    let two = 2.0_f64.ln();
    let values = [0.0, two, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0];
    assert_eq!(
        one,
        [Example {
            values,
            fraud: true
        }]
    );
    for broken in ["", "1,2,3", "0,1,0,0,0,1,0,1,1,1", "0,1,0,0,a,1,0,1,1"] {
        let error = read_one(broken).unwrap_err().to_string();
        assert_eq!(error, "line 2 is no example", "{broken}");
    }
    assert!(read("amount,fraud\n1,0\n").is_err());
    assert_eq!(of_features(&serde_json::Value::Null, true), None);
    assert!(past().unwrap().len() > 1000);
}
