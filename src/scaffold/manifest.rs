//! template.yaml: what a template is called, what it asks, and which of its files are written when.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::needs::{self, Declared, Needs};
use crate::error::{Error, Result};
use crate::project::yaml;

/// The name of the file in an included folder that holds rules for its files.
pub const INCLUDED: &str = "include.yaml";

/// A template's description.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The template's name.
    pub name: String,
    /// What it gives, in one sentence.
    pub description: String,
    /// Its version; kept in the lock of what it generates.
    pub version: String,
    /// What it asks, in the order of asking.
    #[serde(default)]
    pub variables: Vec<Variable>,
    /// Options that no user chooses: what this template is, for the folders that it shares with others.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub constants: Map<String, Value>,
    /// Whether its services call those that they use in a system by generated clients.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clients: bool,
    /// What it may need of the folders that it includes, as these declare it.
    #[serde(skip)]
    pub declared: Declared,
    /// Rules for some of its files; a file that no rule names is always written, once.
    #[serde(default)]
    pub files: Vec<FileRule>,
    /// Other folders of templates that are rendered along.
    #[serde(default)]
    pub include: Vec<Include>,
    /// Files, by their path in what is generated, that are never changed once they were written: a later render only
    /// adds others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub append_only: Vec<String>,
    /// Files that are lists: where the user and a later render both add lines at the same place, all of them are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
    /// Files that the services of a system have in common, so that each on its own does not have them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<String>,
}

/// One thing that a template asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Its name in `--set`, answers files and the template's text.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: VariableType,
    /// The question; without one it is never asked, only set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The answer when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Regular expression that the whole answer matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The answers of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Only asked when these variables have these answers.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub when: Map<String, Value>,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableType {
    /// A line of text.
    String,
    /// A whole number.
    Integer,
    /// true or false.
    Boolean,
    /// One of `choices`.
    Choice,
    /// Words; separated by white space on the command line.
    List,
}

/// When, and how often, files are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// The files, by their path in the template (without the suffix `.tera`).
    pub glob: String,
    /// Only written when these variables have these answers.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub when: Map<String, Value>,
    /// Only written when all of these are needed; for files of an included folder, which declares them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Written once for each of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
}

/// What a file is repeated over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// The service's entities: `entity` holds the one at hand.
    Entities,
    /// The entities that have no table yet: `entity` holds the one at hand, `entity.migration` the migration's name.
    Created,
    /// The tables that change: `change` holds the one at hand.
    Changes,
    /// The table of events that have arrived, where a service that hears some has none yet: `inbox.migration` is the
    /// migration's name.
    Inbox,
}

/// What an included folder says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Included {
    /// What a template may need of it: flags, each with the answers by which it is on.
    #[serde(default)]
    pub needs: Declared,
    /// Rules for its files, by their path in it.
    #[serde(default)]
    pub files: Vec<FileRule>,
    /// Those of its files that the services of a system have in common.
    #[serde(default)]
    pub shared: Vec<String>,
}

/// Another folder that is rendered along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Include {
    /// The folder, relative to this template's.
    pub from: String,
    /// Where its files go in what is generated.
    pub into: String,
}

impl Manifest {
    /// Reads a manifest; `origin` names it in errors.
    ///
    /// # Errors
    /// It is invalid (exit code 2, with the place).
    pub fn parse(text: &str, origin: &str) -> Result<Self> {
        let manifest: Self = yaml::parse(text, origin)?;
        for variable in &manifest.variables {
            if let Some(why) = variable.contradiction() {
                return Err(Error::invalid(format!("{origin} is not valid"))
                    .cause(format!("variable `{}`: {why}", variable.name)));
            }
        }
        Ok(manifest)
    }
}

impl Manifest {
    /// Whether entities become code.
    #[must_use]
    pub fn has_entities(&self) -> bool {
        self.files.iter().any(|rule| rule.each == Some(Each::Entities))
    }

    /// Whether its services can hear events: it asks for those that they subscribe to.
    #[must_use]
    pub fn has_inbox(&self) -> bool {
        self.variables.iter().any(|variable| variable.name == "subscribes")
    }

    /// What files and texts depend on: the service's options, the defaults of those that it does not name, and the
    /// template's constants.
    #[must_use]
    pub fn options(&self, chosen: &Map<String, Value>) -> Map<String, Value> {
        let defaults = self.variables.iter().filter_map(|v| Some((v.name.clone(), v.default.clone()?)));
        let chosen = chosen.iter().chain(&self.constants).map(|(name, value)| (name.clone(), value.clone()));
        defaults.chain(chosen).collect()
    }
}

impl Manifest {
    /// What services with these options need of the included folders; each is on if it is for any of them.
    #[must_use]
    pub fn needs(&self, services: &[&Map<String, Value>]) -> Needs {
        needs::of(&self.declared, services)
    }
}

impl Variable {
    fn contradiction(&self) -> Option<String> {
        if (self.kind == VariableType::Choice) == self.choices.is_empty() {
            return Some("`choices` go with type choice, and only with it".to_owned());
        }
        if let Some(pattern) = &self.pattern
            && let Err(e) = regex::Regex::new(pattern)
        {
            return Some(format!("pattern is not a regular expression: {e}"));
        }
        None
    }
}

/// Whether every variable named in `when` has the answer (or one of the answers) given there.
#[must_use]
pub fn holds(when: &Map<String, Value>, answers: &Map<String, Value>) -> bool {
    when.iter().all(|(name, wanted)| {
        let answer = answers.get(name).unwrap_or(&Value::Null);
        match wanted {
            Value::Array(any) => any.contains(answer),
            one => one == answer,
        }
    })
}
