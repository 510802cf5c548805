//! A service as a project of its own.

use super::{Args, Context, Created, Outcome, Questions};
use crate::error::Result;
use crate::git;
use crate::project::DnsLabel;
use crate::scaffold::answers::{self, Ask};
use crate::scaffold::{lock, render, source};

pub(super) fn run(args: &Args, name: &DnsLabel, context: &Context) -> Result<Outcome> {
    let ask = context.printer.interactive().then_some(Questions);
    let ask = ask.as_ref().map(|q| q as &dyn Ask);
    let target = super::parent(args, context)?.join(name.as_str());
    super::ensure_free(&target)?;
    let source = source::load(&super::template(args, context)?)?;
    let answers = answers::collect(&source.manifest, super::given(args)?, ask)?;
    let mut files = render::render(&source, name.as_str(), &answers)?.files;
    lock::add(&mut files, &source.clone().seen_from(&target), &answers)?;
    let repository = !args.no_git && !git::inside_repository(&target);
    let created = Created {
        name: name.to_string(),
        path: target.clone(),
        template: Some(source.origin),
        files: files.len(),
        repository,
        ..Created::default()
    };
    super::place(files, &target, repository, context)?;
    super::finish(args, &created, &target, &[], context)
}
