//! What `msvc new` tells.

use std::path::PathBuf;

use console::style;
use serde::Serialize;

use crate::project::API_VERSION;
use crate::ui::Report;

/// What was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) path: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) blueprint: Option<String>,
    /// Those of a new system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) services: Vec<String>,
    /// Whether a new system has a script that asks for all that it promises.
    #[serde(skip)]
    pub(super) has_requests: bool,
    pub(super) files: usize,
    pub(super) repository: bool,
    /// The system that it was added to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system: Option<String>,
    /// Files of the system that were there and changed with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changed: Vec<String>,
}

impl Default for Created {
    fn default() -> Self {
        Self {
            api_version: API_VERSION,
            kind: "Created",
            name: String::new(),
            path: PathBuf::new(),
            template: None,
            blueprint: None,
            services: Vec::new(),
            has_requests: false,
            files: 0,
            repository: false,
            system: None,
            changed: Vec::new(),
        }
    }
}

impl Report for Created {
    fn text(&self) -> String {
        let path = self.path.display();
        let created = style("Created").green().bold();
        let committed = if self.repository { ", committed to a new git repository" } else { "" };
        if let (Some(system), Some(template)) = (&self.system, &self.template) {
            let name = &self.name;
            let changed: String = self.changed.iter().flat_map(|path| ["  changed  ", path, "\n"]).collect();
            return format!(
                "{} {name} to {system}: {} files from template {template} in {path}\n{changed}\n  msvc up {name}\n  cargo test --package {name}\n",
                style("Added").green().bold(),
                self.files,
            );
        }
        if let Some(blueprint) = &self.blueprint {
            let with = if self.services.is_empty() {
                "without services".to_owned()
            } else {
                format!("with {}", self.services.join(", "))
            };
            let next = if self.services.is_empty() {
                "  msvc new NAME       # adds a service\n"
            } else {
                "  msvc up             # run all of it here\n  cargo test          # its own tests\n"
            };
            let requests = if self.has_requests {
                "  ./requests.sh       # its requests, from another shell while it runs\n"
            } else {
                ""
            };
            return format!(
                "{created} {path}: a system {with}, {} files from blueprint {blueprint}{committed}\n\n  cd {path}\n{next}{requests}",
                self.files,
            );
        }
        format!(
            "{created} {path}: {} files from template {}{committed}\n\n  cd {path}\n  msvc up             # run it here\n  cargo test          # its own tests\n",
            self.files,
            self.template.as_deref().unwrap_or_default(),
        )
    }
}
