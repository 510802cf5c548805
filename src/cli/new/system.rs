//! A system from a blueprint.

use super::{Args, Context, Created, Outcome, Questions};
use crate::error::Result;
use crate::git;
use crate::project::DnsLabel;
use crate::scaffold::answers::Ask;
use crate::scaffold::blueprint;

/// Asks a running system for all that its blueprint promises.
const REQUESTS: &str = "requests.sh";

pub(super) fn run(args: &Args, blueprint: &str, name: &DnsLabel, context: &Context) -> Result<Outcome> {
    let ask = context.printer.interactive().then_some(Questions);
    let ask = ask.as_ref().map(|q| q as &dyn Ask);
    let target = super::parent(args, context)?.join(name.as_str());
    super::ensure_free(&target)?;
    let blueprint = blueprint::load(blueprint)?;
    let answers = blueprint.answers(super::given(args)?, ask)?;
    let made = blueprint::make(&blueprint, name, &answers, &target)?;
    let repository = !args.no_git && !git::inside_repository(&target);
    let created = Created {
        name: name.to_string(),
        path: target.clone(),
        blueprint: Some(blueprint.origin),
        services: made.services,
        has_requests: made.files.get(REQUESTS).is_some(),
        files: made.files.len(),
        repository,
        ..Created::default()
    };
    super::place(made.files, &target, repository, context)?;
    super::finish(args, &created, &target, &[], context)
}
