//! What services need of a folder that their templates share: flags, which the folder's include.yaml declares as answers
//! to options. Services of one system share one such folder, so a flag is on if it is for any of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::manifest::holds;

/// The flags by their names, all that are declared.
pub type Needs = BTreeMap<String, bool>;

/// Flags as they are declared.
pub type Declared = BTreeMap<String, On>;

/// The answers with which a flag is on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum On {
    /// With these.
    With(Map<String, Value>),
    /// With any of these.
    WithAny(Vec<Map<String, Value>>),
}

impl On {
    fn holds(&self, options: &Map<String, Value>) -> bool {
        match self {
            Self::With(when) => holds(when, options),
            Self::WithAny(all) => all.iter().any(|when| holds(when, options)),
        }
    }
}

/// The flags of these services together, each given by its options (see
/// [`Manifest::options`](super::manifest::Manifest::options)).
#[must_use]
pub fn of(declared: &Declared, services: &[&Map<String, Value>]) -> Needs {
    let flag = |(name, on): (&String, &On)| (name.clone(), services.iter().any(|options| on.holds(options)));
    declared.iter().map(flag).collect()
}

/// The same with all flags on.
#[must_use]
pub fn all(declared: &Declared) -> Needs {
    declared.keys().map(|name| (name.clone(), true)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_flag_is_on_if_it_is_for_any_service() {
        let declared: Declared = serde_json::from_value(
            json!({ "http": [{ "api": "http" }, { "api": "gateway" }], "sql": { "store": "sql" } }),
        )
        .unwrap();
        let flags = |services: &[&Map<String, Value>]| of(&declared, services).into_values().collect::<Vec<_>>();
        let (gateway, grpc) = (map(json!({ "api": "gateway" })), map(json!({ "api": "grpc", "store": "sql" })));
        assert_eq!(flags(&[]), [false, false]);
        assert_eq!(flags(&[&gateway]), [true, false]);
        assert_eq!(flags(&[&gateway, &grpc]), [true, true]);
    }
}
