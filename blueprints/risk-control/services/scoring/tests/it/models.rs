//! Which of the published models is used.

use std::time::Duration;

use serde_json::{Value, json};

use crate::bench::{Bench, features, quiet};

/// A model of features and their weights.
fn model(weights: &[(&str, f64)]) -> Value {
    let term = |(feature, weight): &(&str, f64)| json!({ "feature": feature, "log": true, "mean": 0.0, "weight": weight });
    let terms: Vec<Value> = weights.iter().map(term).collect();
    json!({ "bias": -3.0, "terms": terms })
}

/// Good, better, worse than chance, and some that are none.
fn candidates() -> Vec<(i64, Value)> {
    let better = [
        ("hour_count", 0.7),
        ("ratio", 0.6),
        ("new_country", 0.4),
        ("day_count", 0.4),
    ];
    let unknown = json!({ "feature": "mood", "log": true, "mean": 0.0, "weight": 1.0 });
    vec![
        (1, model(&[("hour_count", 0.7)])),
        (2, model(&better)),
        (3, model(&[("night", 0.6)])),
        (4, model(&[("hour_count", -1.0), ("ratio", -1.0)])),
        (5, json!({ "bias": 0.0, "terms": [unknown] })),
        (6, json!({ "bias": 0.0, "terms": [] })),
        (7, model(&[("ratio", 1.0), ("ratio", 1.0)])),
        (8, json!("a broken file")),
        (9, model(&better)),
    ]
}

async fn start() -> Bench {
    let told = features(Some(quiet(&json!({})))).await;
    Bench::start(told, Duration::from_mins(1)).await
}

#[tokio::test]
async fn a_worse_model_is_not_taken_over_nor_a_broken_one() {
    let service = start().await;
    let none = service.models(0).await;
    assert_eq!(none["model"], Value::Null);
    assert_eq!(none["quality"]["rules"], none["quality"]["both"]);
    assert_eq!(service.assess().await["basis"], "rules");

    let mut in_use = Vec::new();
    for (index, (id, document)) in candidates().iter().enumerate() {
        service.publish(*id, document).await;
        let models = service.models(index + 1).await;
        in_use.push(models["model"].as_i64().unwrap());
        assert_eq!(service.assess().await["model"], models["model"]);
    }
    assert_eq!(in_use, [1, 2, 2, 2, 2, 2, 2, 2, 2]);

    let models = service.models(9).await;
    let area = |id: usize| models["candidates"][id - 1]["auc"].as_f64().unwrap();
    assert!(
        area(2) > area(1) && area(1) > area(3) && area(4) < 0.5,
        "{models}"
    );
    assert_eq!(models["quality"]["model"], area(2));
    let refused = |id: usize| models["candidates"][id - 1]["refused"].as_str().unwrap();
    assert!(
        refused(5).starts_with("unknown variant `mood`"),
        "{}",
        refused(5)
    );
    assert_eq!(refused(6), "it has no terms");
    assert_eq!(refused(7), "it has Ratio twice");
    assert!(refused(8).contains("a broken file"), "{}", refused(8));
    assert_eq!(models["candidates"][0]["metrics"], json!({ "steps": 7 }));
    service.stop().await;
}

#[tokio::test]
async fn the_order_of_events_does_not_matter() {
    let service = start().await;
    for (id, document) in candidates().iter().rev() {
        service.publish(*id, document).await;
        service.publish(*id, document).await;
    }
    let models = service.models(9).await;
    assert_eq!(models["model"], 2, "{models}");
    service.stop().await;
}
