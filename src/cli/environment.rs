//! The argument that says where: the project in one of its environments.

use super::Context;
use crate::error::Result;
use crate::project::Settings;

/// The environment that a command is about.
#[derive(Debug, clap::Args)]
pub struct Environment {
    /// Environment of msvc.yaml; may be left out where there is only one
    #[arg(short, long, value_name = "ENV", env = "MSVC_ENVIRONMENT", hide_env = true)]
    environment: Option<String>,
}

impl Environment {
    /// The project as it is in the environment, or where none is named, in each of them.
    ///
    /// # Errors
    /// There is no project, it is invalid, or has no such environment (exit code 2).
    pub(super) fn each(&self, context: &Context) -> Result<Vec<Settings>> {
        let project = context.project()?;
        let names = Settings::environments(&project);
        if self.environment.is_some() || names.is_empty() {
            return Ok(vec![Settings::resolve(&project, self.environment.as_deref())?]);
        }
        names.iter().map(|name| Settings::resolve(&project, Some(name))).collect()
    }

    /// The project as it is in the environment.
    ///
    /// # Errors
    /// There is no project, it is invalid, or has no such environment (exit code 2).
    pub(super) fn settings(&self, context: &Context) -> Result<Settings> {
        Settings::resolve(&context.project()?, self.environment.as_deref())
    }
}
