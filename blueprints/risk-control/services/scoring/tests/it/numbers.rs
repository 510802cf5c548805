//! Probabilities and points that were worked out by hand, and the files that come with the service.

use features_client::types::Features;
use scoring::feature::Feature;
use scoring::held_out::{examples, read};
use scoring::model::{Model, Term};
use scoring::rules::Rules;
use serde_json::json;

use crate::bench::quiet;

fn features(changes: &serde_json::Value) -> Features {
    serde_json::from_value(quiet(changes)).unwrap()
}

#[test]
fn a_probability() {
    let term = |feature, log, mean, weight| Term {
        feature,
        log,
        mean,
        weight,
    };
    let model = Model {
        bias: -1.0,
        terms: vec![
            term(Feature::HourCount, true, 0.0, 2.0),
            term(Feature::Night, false, 0.25, 4.0),
        ],
    };
    // -1 + 2 ln(1 + 0) + 4 (0 - 0.25) = -2, and 1 / (1 + e^2).
    let quiet = model.probability(&features(&json!({})));
    assert!((quiet - 0.119_202_9).abs() < 1e-6, "{quiet}");
    // -1 + 2 ln 3 + 4 (1 - 0.25) = 2 + ln 9: the odds are 9 e^2.
    let busy = features(&json!({ "hour_count": 2.0, "night": 1.0 }));
    let odds = 9.0 * 2.0_f64.exp();
    assert!((model.probability(&busy) - odds / (1.0 + odds)).abs() < 1e-12);
    assert_eq!(
        model.reasons(&busy),
        [
            "Model: the night makes the odds 20.1 times as high.",
            "Model: the number of payments in the hour before makes the odds 9.0 times as high.",
        ]
    );
    assert!(model.reasons(&features(&json!({}))).is_empty());
}

#[test]
fn points() {
    let rules = Rules::first().unwrap();
    assert!(rules.check().is_empty());
    let points = |changes| rules.judge(&features(&changes)).0;
    assert_eq!(points(json!({})), 0);
    assert_eq!(points(json!({ "hour_count": 3.0 })), 0);
    assert_eq!(points(json!({ "hour_count": 4.0 })), 50);
    assert_eq!(points(json!({ "new_country": 1.0 })), 0);
    assert_eq!(points(json!({ "new_country": 1.0, "ratio": 2.5 })), 45);
    // There is no more than a hundred: 50, 45 and 25.
    let all = json!({ "hour_count": 9.0, "new_country": 1.0, "ratio": 5.0 });
    assert_eq!(points(all), 100);
}

#[test]
fn files() {
    let held_out = examples().unwrap();
    assert!(held_out.len() > 1000);
    let header = "amount,hour_count,day_count,day_sum,ratio,new_country,first,night,fraud";
    assert!(read(&format!("{header}\n")).unwrap().is_empty());
    for broken in [
        "amount,fraud\n1,0",
        &format!("{header}\n1,2,3"),
        &format!("{header}\na"),
    ] {
        assert!(read(broken).is_err(), "{broken}");
    }
}
