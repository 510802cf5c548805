//! Entities whose names differ, and yet come to the same name in code, database or API.

use serde_json::Value;

use crate::error::{Error, Result};

/// What each entity needs for itself.
const OWN: [(&str, &str); 4] = [("module", "module"), ("pascal", "type"), ("table", "table"), ("item_prefix", "path")];

/// # Errors
/// Two entities need the same name (exit code 2).
pub(super) fn check(entities: &[Value]) -> Result<()> {
    for (index, one) in entities.iter().enumerate() {
        for other in &entities[..index] {
            if let Some((what, name)) = shared(one, other).or_else(|| input(one, other)).or_else(|| input(other, one)) {
                let [one, other] = [one, other].map(|entity| entity["name"].as_str().unwrap_or_default());
                return Err(Error::usage(format!("there can't be both an entity `{one}` and an entity `{other}`"))
                    .cause(format!("both would have the {what} `{name}`"))
                    .hint("choose another name"));
            }
        }
    }
    Ok(())
}

fn shared(one: &Value, other: &Value) -> Option<(&'static str, String)> {
    OWN.iter().find(|(key, _)| one[*key] == other[*key]).map(|(key, what)| (*what, text(&one[*key])))
}

/// `OrderInput` is what clients send of an `Order`.
fn input(one: &Value, other: &Value) -> Option<(&'static str, String)> {
    let name = format!("{}Input", text(&one["pascal"]));
    (other["pascal"] == name.as_str()).then_some(("type", name))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
