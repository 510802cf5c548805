//! Events: what a service tells others, and what it hears from them.

use std::str::FromStr;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::entity::FieldType;
use super::name::FieldName;
use crate::error::nearest;

/// An event that a service publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its data: names and types. A type with `?` behind it may be null.
    pub schema: IndexMap<MemberName, EventType>,
}

/// The name of a member of an event's data: that of a field, or of those that every entity has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct MemberName(#[schemars(regex(pattern = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"))] String);

impl MemberName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MemberName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        if !matches!(name.as_str(), "id" | "created_at" | "updated_at") {
            FieldName::try_from(name.clone())?;
        }
        Ok(Self(name))
    }
}

impl From<MemberName> for String {
    fn from(name: MemberName) -> Self {
        name.0
    }
}

/// The name of an event: words of lower-case letters, digits, `-` and `_` between dots, such as `order.created`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct EventName(#[schemars(regex(pattern = r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)*$"))] String);

impl EventName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EventName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let inner = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
        let word = |word: &str| word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(inner);
        if name.split('.').all(word) {
            Ok(Self(name))
        } else {
            Err(format!("{name:?} is not the name of an event, such as `order.created`"))
        }
    }
}

impl From<EventName> for String {
    fn from(name: EventName) -> Self {
        name.0
    }
}

/// The type of a member of an event's data: that of a field, except enum, whose values are strings to others. With
/// `?` behind it, the member may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct EventType {
    /// What it holds.
    pub kind: FieldType,
    /// Whether it may be null.
    pub optional: bool,
}

impl FromStr for EventType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.strip_suffix('?').unwrap_or(text);
        let mut types = FieldType::ALL.into_iter().filter(|(_, kind)| *kind != FieldType::Enum);
        if let Some((_, kind)) = types.clone().find(|(known, _)| *known == name) {
            return Ok(Self { kind, optional: name != text });
        }
        let hint = match nearest(name, types.clone().map(|(known, _)| known)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", types.by_ref().map(|(known, _)| known).collect::<Vec<_>>().join(", ")),
        };
        Err(format!("{text:?} is not the type of an event's data: {hint}"))
    }
}

impl TryFrom<String> for EventType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<EventType> for String {
    fn from(declared: EventType) -> Self {
        format!("{}{}", declared.kind.name(), if declared.optional { "?" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::{EventName, EventType};
    use crate::project::entity::FieldType;

    #[test]
    fn types_may_be_null_and_enums_are_strings() {
        let kind = FieldType::Decimal;
        assert_eq!("decimal?".parse(), Ok(EventType { kind, optional: true }));
        assert_eq!(String::from(EventType { kind, optional: false }), "decimal");
        let error = "deciml".parse::<EventType>().unwrap_err();
        assert_eq!(error, "\"deciml\" is not the type of an event's data: did you mean `decimal`?");
        assert!("enum".parse::<EventType>().is_err());
    }

    #[test]
    fn names_are_words_between_dots() {
        let is_name = |name: &str| EventName::try_from(name.to_owned()).is_ok();
        assert!(is_name("order.created") && is_name("order-item.created") && is_name("tick"));
        assert!(!is_name("") && !is_name("order.") && !is_name("Order.created") && !is_name("order.*"));
    }
}
