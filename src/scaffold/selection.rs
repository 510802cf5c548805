//! Which of a template's files are written, and what each is repeated over.

use globset::{Glob, GlobMatcher};
use serde_json::{Map, Value};

use super::context::migrations::There;
use super::manifest::{Each, FileRule, holds};
use super::needs::Needs;
use super::source::Source;
use super::tree::Entry;
use crate::error::{Context, Result};
use crate::project::FILE;

/// A file that is written.
pub(super) struct Selected<'a> {
    /// Its path in the template, without `.tera`.
    pub path: &'a str,
    pub entry: &'a Entry,
    /// What it is repeated over.
    pub each: Option<Each>,
}

/// The files of `source` for these options; all but msvc.yaml.
///
/// # Errors
/// A rule's glob is none (exit code 2).
pub(super) fn files<'a>(source: &'a Source, options: &Map<String, Value>, needs: &Needs) -> Result<Vec<Selected<'a>>> {
    let rules = source.manifest.files.iter().map(Rule::new).collect::<Result<Vec<_>>>()?;
    let selected = source.files.iter().filter_map(|(path, entry)| {
        let path = stripped(path);
        // Files that start with `_` hold components for the others.
        let partial = path.rsplit('/').next().is_some_and(|file| file.starts_with('_'));
        if path == FILE || partial {
            return None;
        }
        let rule = rules.iter().find(|rule| rule.glob.is_match(path)).map(|rule| rule.rule);
        let is_wanted = |rule: &FileRule| {
            holds(&rule.when, options) && rule.needs.iter().all(|need| needs.get(need).copied().unwrap_or_default())
        };
        rule.is_none_or(is_wanted).then(|| Selected { path, entry, each: rule.and_then(|rule| rule.each) })
    });
    Ok(selected.collect())
}

/// The migrations that the template itself brings; those of entities come behind them.
pub(super) fn migrations(files: &[Selected<'_>]) -> There {
    let own = files.iter().filter(|file| file.each.is_none() && file.path.starts_with("migrations/"));
    There::of(own.map(|file| file.path))
}

/// A file's name in what is generated.
pub(super) fn stripped(path: &str) -> &str {
    path.strip_suffix(".tera").unwrap_or(path)
}

struct Rule<'a> {
    glob: GlobMatcher,
    rule: &'a FileRule,
}

impl<'a> Rule<'a> {
    fn new(rule: &'a FileRule) -> Result<Self> {
        let glob = Glob::new(&rule.glob).invalid(|| format!("template.yaml: `{}` is not a glob", rule.glob))?;
        Ok(Self { glob: glob.compile_matcher(), rule })
    }
}
