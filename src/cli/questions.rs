//! The questions that `msvc new` asks on a terminal.

use serde_json::Value;

use crate::error::Result;
use crate::project::{DnsLabel, entity_spec};
use crate::scaffold::answers::{Ask, check};
use crate::scaffold::manifest::{Variable, VariableType};
use crate::scaffold::source::Source;
use crate::ui::Prompt;

/// Asks on the terminal.
pub(super) struct Questions;

impl Questions {
    pub(super) fn name(what: &str) -> Result<String> {
        let example = if what == "system" { "shop" } else { "orders" };
        Prompt::text(&format!("Name of the {what}"), Some(example), |answer| DnsLabel::try_from(answer).map(|_| ()))
    }

    pub(super) fn template(built_in: &[Source]) -> Result<String> {
        let names = || built_in.iter().map(|s| s.manifest.name.clone());
        if built_in.len() == 1 {
            return Ok(names().collect());
        }
        let lines: Vec<String> =
            built_in.iter().map(|s| format!("{}: {}", s.manifest.name, s.manifest.description)).collect();
        let default = built_in.iter().position(|s| s.manifest.name == "rest").unwrap_or_default();
        let chosen = Prompt::choice("Template", &lines, default)?;
        Ok(names().nth(chosen).unwrap_or_default())
    }
}

impl Ask for Questions {
    fn ask(&self, variable: &Variable, default: Option<&Value>) -> Result<Value> {
        let question = variable.prompt.as_deref().unwrap_or(&variable.name);
        match variable.kind {
            VariableType::Boolean => {
                Prompt::confirm(question, default.and_then(Value::as_bool).unwrap_or_default()).map(Value::from)
            }
            VariableType::Choice => {
                let default = variable.choices.iter().position(|c| Some(c.as_str()) == default.and_then(Value::as_str));
                let chosen = Prompt::choice(question, &variable.choices, default.unwrap_or_default())?;
                Ok(variable.choices[chosen].clone().into())
            }
            VariableType::String | VariableType::Integer | VariableType::List => {
                let default = default.map(shown);
                Prompt::text(question, default.as_deref(), |answer| fits(variable, answer)).map(Value::from)
            }
        }
    }
}

/// Whether an answer fits its variable, and a list of fields the syntax of fields: so that it is asked again.
fn fits(variable: &Variable, answer: &str) -> Result<(), String> {
    let value = check(variable, answer.into())?;
    match (variable.name.as_str(), value) {
        ("fields", Value::Array(fields)) => {
            let fields: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
            entity_spec::entity(&fields).map(|_| ()).map_err(|e| e.causes.first().cloned().unwrap_or(e.message))
        }
        ("entity", Value::String(name)) => DnsLabel::try_from(name).map(|_| ()),
        _ => Ok(()),
    }
}

fn shown(default: &Value) -> String {
    match default {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}
