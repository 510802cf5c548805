//! Blueprints: whole systems to begin with. Each names its services as their msvc.yaml would, which templates turn into
//! code, and may bring files of its own that are laid over that.

mod make;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::answers::{self, Answers, Ask};
use super::manifest::{Variable, VariableType};
use super::source::{self, Kind};
use super::tree::Tree;
use crate::error::{Context, Error, Result};
use crate::project::yaml;

pub use make::{System, make};

/// A blueprint's description: blueprint.yaml.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its name.
    pub name: String,
    /// What it gives, in one sentence.
    pub description: String,
    /// Its version.
    pub version: String,
    /// What it asks, in the order of asking, before what every blueprint asks.
    #[serde(default)]
    pub variables: Vec<Variable>,
    /// The system as in its msvc.yaml, without what can be left out there.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub system: Map<String, Value>,
    /// Its services as in their msvc.yaml, without `apiVersion` and `kind`.
    #[serde(default)]
    pub services: Vec<Map<String, Value>>,
}

/// A blueprint in memory.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// As the user named it.
    pub origin: String,
    /// The commit it was read at, if it came from a repository.
    pub commit: Option<String>,
    /// Its description.
    pub manifest: Manifest,
    /// Its files, without blueprint.yaml.
    pub files: Tree,
}

/// What every system may be told: where its first environment is.
const ALWAYS: [(&str, &str); 4] = [("registry", ""), ("context", ""), ("namespace", ""), ("environment", "staging")];

/// The built-in blueprints, by name.
///
/// # Errors
/// One of them is invalid.
pub fn built_in() -> Result<Vec<Blueprint>> {
    Kind::Blueprint.names().map(load).collect()
}

/// The blueprint that `name` means: a built-in one, a git URL (`URL#REF:SUBDIR`), or a folder.
///
/// # Errors
/// There is none (exit code 2, with the nearest), or it is invalid.
pub fn load(name: &str) -> Result<Blueprint> {
    let (mut files, commit) = source::folder(Kind::Blueprint, name)?;
    let shown = format!("{name}/{}", Kind::Blueprint.file());
    let text = files
        .remove(Kind::Blueprint.file())
        .ok_or_else(|| Error::usage(format!("{name} is not a blueprint")).cause(format!("there is no {shown}")))?;
    let text = String::from_utf8(text.bytes).invalid(|| format!("{shown} is not text"))?;
    let mut manifest: Manifest = yaml::parse(&text, &shown)?;
    for (variable, default) in ALWAYS {
        if !manifest.variables.iter().any(|known| known.name == variable) {
            manifest.variables.push(always(variable, default));
        }
    }
    Ok(Blueprint { origin: name.to_owned(), commit, manifest, files })
}

fn always(name: &str, default: &str) -> Variable {
    Variable {
        name: name.to_owned(),
        kind: VariableType::String,
        prompt: None,
        default: Some(json!(default)),
        pattern: None,
        choices: Vec::new(),
        when: Map::new(),
    }
}

impl Blueprint {
    /// One answer for each of its variables.
    ///
    /// # Errors
    /// Those of [`answers::collect`].
    pub fn answers(&self, given: Vec<(String, Value)>, ask: Option<&dyn Ask>) -> Result<Answers> {
        answers::collect_for(&format!("blueprint {}", self.manifest.name), &self.manifest.variables, given, ask)
    }
}
