//! What the shared parts of a system must have: all that some service needs.

use serde_json::{Map, Value};

/// Of the answers to each option the one that needs most.
const ORDER: [(&str, &[&str]); 4] = [
    ("api", &["grpc", "gateway", "worker", "http"]),
    ("store", &["none", "sql"]),
    ("auth", &["none", "jwt"]),
    ("events", &["none", "inbox", "outbox"]),
];

/// The options of several services as one.
pub(super) fn of_all<'a>(all: impl Iterator<Item = &'a Map<String, Value>>) -> Map<String, Value> {
    let mut united = Map::new();
    united.extend(ORDER.iter().map(|(name, answers)| ((*name).to_owned(), answers[0].into())));
    for options in all {
        for (name, value) in options {
            if united.get(name).is_none_or(|known| rank(name, value) > rank(name, known)) {
                united.insert(name.clone(), value.clone());
            }
        }
    }
    united.insert("system".to_owned(), true.into());
    united
}

fn rank(name: &str, value: &Value) -> Option<usize> {
    let (_, answers) = ORDER.iter().find(|(option, _)| *option == name)?;
    answers.iter().position(|answer| value == answer)
}
