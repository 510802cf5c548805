//! Entities whose names differ, and yet come to the same name in code, database or API.

use serde_json::Value;

use crate::error::{Error, Result};

/// What each entity needs for itself.
const OWN: [(&str, &str); 4] = [("module", "module"), ("pascal", "type"), ("table", "table"), ("item_prefix", "path")];

/// What accounts (`auth: jwt`) need: entities can't have it.
const OF_ACCOUNTS: [(&str, &[&str]); 4] = [
    ("module", &["auth"]),
    ("pascal", &["Login", "Refresh", "Registration", "TokenPair", "User"]),
    ("table", &["users", "user_sessions"]),
    ("item_prefix", &["/login", "/refresh", "/register"]),
];

/// What the inbox of a service that hears events needs.
const OF_EVENTS: [(&str, &[&str]); 4] = [
    ("module", &["handler", "inbox"]),
    ("pascal", &["CloudEvent"]),
    ("table", &["inbox"]),
    ("item_prefix", &["/events"]),
];

/// # Errors
/// Two entities need the same name, or one that accounts or events need (exit code 2).
pub(super) fn check(entities: &[Value], has_accounts: bool, hears_events: bool) -> Result<()> {
    if has_accounts {
        let hint = "choose another name, such as `customer` or `profile`, and let it refer to an account by a field";
        let of_accounts =
            |entity| against(&OF_ACCOUNTS, entity, "with accounts (auth: jwt)", "the accounts have", hint);
        entities.iter().try_for_each(of_accounts)?;
    }
    if hears_events {
        let hint = "choose another name, or for a path another `path`";
        let of_events = |entity| against(&OF_EVENTS, entity, "that subscribes to events", "its inbox has", hint);
        entities.iter().try_for_each(of_events)?;
    }
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

/// Whether an entity of such a service has no name that is `taken`.
fn against(taken: &[(&str, &[&str])], entity: &Value, such: &str, owner: &str, hint: &str) -> Result<()> {
    let taken = taken.iter().find(|(key, names)| names.contains(&entity[*key].as_str().unwrap_or_default()));
    let Some((key, _)) = taken else { return Ok(()) };
    let what = OWN.iter().find(|(own, _)| own == key).map_or("name", |(_, what)| what);
    let (name, its) = (text(&entity["name"]), text(&entity[*key]));
    Err(Error::usage(format!("there can't be an entity `{name}` in a service {such}"))
        .cause(format!("{owner} the {what} `{its}`"))
        .hint(hint))
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
