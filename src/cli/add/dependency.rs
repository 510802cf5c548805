//! `msvc add dependency`.

use super::report::Addition;
use super::{Change, Context, Outcome, Writing, bring, service_around};
use crate::error::{Error, Result};
use crate::project::{DnsLabel, Service, edit};

/// Arguments of `msvc add dependency`.
#[derive(Debug, clap::Args)]
pub(super) struct DependencyArgs {
    /// The service that is called
    #[arg(value_name = "SERVICE")]
    name: String,
    /// The service that calls it; default: that whose folder this is
    #[arg(long = "service", value_name = "NAME", env = "MSVC_SERVICE", hide_env = true)]
    caller: Option<String>,
    #[command(flatten)]
    writing: Writing,
}

pub(super) fn run(args: &DependencyArgs, context: &Context) -> Result<Outcome> {
    let (project, dir) = service_around(args.caller.as_deref(), context)?;
    if project.system.is_none() {
        return Err(Error::usage(format!(
            "{} is no part of a system: there is nothing that it could use",
            project.name()
        ))
        .hint("`msvc new NAME --blueprint empty` makes a system, to which `msvc new` adds services"));
    }
    let name = project.service(&args.name)?.service.name.clone();
    let addition = Addition::Dependency(name.to_string());
    bring((project, dir), NewUse { name }, addition, &args.writing, context)
}

struct NewUse {
    name: DnsLabel,
}

impl Change for NewUse {
    fn declare(&self, text: &str, service: &Service) -> Result<(String, Service)> {
        if service.name == self.name {
            return Err(Error::usage(format!("{} can't use itself", self.name)));
        }
        edit::add_use(text, service, &self.name)
    }
}
