//! JSON is merged by its keys: two sides may add different ones at the same place.

use serde_json::{Map, Value};

/// The merge of three documents that are all written as msvc writes JSON; `None` where one is not, or where both sides
/// changed the same value.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let [base, ours, theirs] = [base, ours, theirs].map(read);
    let merged = value(Some(&base?), Some(&ours?), Some(&theirs?))?;
    Some(written(&merged?))
}

fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value| written(value) == text)
}

fn written(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The outer `None` is a conflict, the inner one a value that is gone.
#[expect(clippy::option_option, reason = "a conflict is not an absent value")]
fn value(base: Option<&Value>, ours: Option<&Value>, theirs: Option<&Value>) -> Option<Option<Value>> {
    if ours == theirs || theirs == base {
        return Some(ours.cloned());
    }
    if ours == base {
        return Some(theirs.cloned());
    }
    let empty = Map::new();
    match (base.map_or(Some(&empty), Value::as_object), ours?.as_object(), theirs?.as_object()) {
        (Some(base), Some(ours), Some(theirs)) => Some(Some(Value::Object(object(base, ours, theirs)?))),
        _ => None,
    }
}

fn object(
    base: &Map<String, Value>,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
) -> Option<Map<String, Value>> {
    let mut merged = Map::new();
    for key in order(ours, theirs) {
        if let Some(value) = value(base.get(key), ours.get(key), theirs.get(key))? {
            merged.insert(key.clone(), value);
        }
    }
    Some(merged)
}

/// All keys: sorted where both sides sort them, else theirs behind those that they follow there.
fn order<'a>(ours: &'a Map<String, Value>, theirs: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut keys: Vec<&String> = ours.keys().collect();
    let mut before: Option<&String> = None;
    for key in theirs.keys() {
        if !ours.contains_key(key) {
            let mut at = before.and_then(|before| keys.iter().position(|k| *k == before)).map_or(0, |at| at + 1);
            at += keys[at..].iter().take_while(|k| !theirs.contains_key(**k)).count();
            keys.insert(at, key);
        }
        before = Some(key);
    }
    if ours.keys().is_sorted() && theirs.keys().is_sorted() {
        keys.sort();
    }
    keys
}
