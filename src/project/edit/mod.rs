//! Edits of msvc.yaml that keep what the user wrote: comments, order, formatting. Lines are put in at the places that
//! the parser tells, and the result is read again: if it does not say exactly what was meant, there is no edit, and
//! the user is told what to write.

pub(super) mod places;
#[cfg(test)]
mod tests;
mod text;
mod uses;

use serde_json::{Value, json};

use self::places::Node;
use self::text::Text;
use super::checked::Checked;
use super::entity::Entity;
use super::load::parse_service;
use super::name::DnsLabel;
use super::{FILE, Service, yaml_flow};
use crate::error::{Error, Result};

pub use places::find as place;
pub use uses::add_use;

/// Keys that come after `entities` where msvc writes the file.
const LATER: [&str; 6] = ["uses", "publishes", "subscribes", "image", "deploy", "environments"];

/// Adds an entity, or fields to one that is there. Fields that are declared alike already stay as they are.
///
/// # Errors
/// A field is there, declared otherwise; the text can't be edited safely (exit code 2, with what to add by hand).
pub fn add(text: &str, service: &Service, name: &DnsLabel, given: &Entity) -> Result<(String, Service)> {
    match service.entities.get(name) {
        Some(there) => add_fields(text, service, name, there, given),
        None => add_entity(text, service, name, given),
    }
}

fn add_entity(text: &str, service: &Service, name: &DnsLabel, given: &Entity) -> Result<(String, Service)> {
    let mut wanted = service.clone();
    let checked = Checked::new(given.clone()).map_err(|why| {
        Error::usage(format!("entity `{name}` can't be added"))
            .cause(why)
            .hint("give it fields, for example `title:string total:decimal=10,2:minimum=0`")
    })?;
    wanted.entities.insert(name.clone(), checked);
    let fields = field_lines(given)?;
    let key = to_flow(&name)?;
    let edited = edit(text, |document, text| {
        let parent = document.get("entities");
        let entries = parent.map_or(&[][..], |parent| parent.value.entries());
        let step = step(entries);
        let lines = [vec![format!("{key}:"), format!("{step}fields:")], indented(&fields, &step.repeat(2))].concat();
        match parent {
            None => {
                let lines = [vec!["entities:".to_owned()], indented(&lines, &step)].concat();
                text.insert_before(document, &LATER, &lines);
                Some(())
            }
            Some(parent) if entries.is_empty() => text.fill(parent, &lines),
            Some(parent) if in_block_style(parent, entries) => text.append_to_block(entries, &lines),
            Some(parent) => text.append_to_flow(parent, &format!("{key}: {{ fields: {{ {} }} }}", fields.join(", "))),
        }
    });
    let by_hand =
        [vec!["entities:".to_owned(), format!("  {key}:"), "    fields:".to_owned()], indented(&fields, "      ")];
    checked_edit(edited, wanted, name, &by_hand.concat())
}

fn add_fields(
    text: &str,
    service: &Service,
    name: &DnsLabel,
    there: &Entity,
    given: &Entity,
) -> Result<(String, Service)> {
    let mut all = there.clone();
    let mut new = Entity { path: None, id: None, fields: indexmap::IndexMap::new() };
    for (field, declared) in &given.fields {
        match there.fields.get(field) {
            Some(old) if old == declared => {}
            Some(old) => return Err(declared_otherwise(name, field.as_str(), &to_flow(&**old)?)),
            None => {
                all.fields.insert(field.clone(), declared.clone());
                new.fields.insert(field.clone(), declared.clone());
            }
        }
    }
    if new.fields.is_empty() {
        return Ok((text.to_owned(), service.clone()));
    }
    let mut wanted = service.clone();
    wanted.entities.insert(name.clone(), Checked::new(all).map_err(Error::usage)?);
    let lines = field_lines(&new)?;
    let edited = edit(text, |document, text| {
        let parent = document.get("entities")?.value.get(name.as_str())?.value.get("fields")?;
        let entries = parent.value.entries();
        if in_block_style(parent, entries) {
            text.append_to_block(entries, &lines)
        } else {
            text.append_to_flow(parent, &lines.join(", "))
        }
    });
    let by_hand =
        [vec!["entities:".to_owned(), format!("  {name}:"), "    fields:".to_owned()], indented(&lines, "      ")];
    checked_edit(edited, wanted, name, &by_hand.concat())
}

fn declared_otherwise(name: &DnsLabel, field: &str, old: &str) -> Error {
    Error::usage(format!("entity `{name}` has a field `{field}` already, declared otherwise"))
        .cause(format!("{FILE} says `{field}: {old}`"))
        .hint(format!("change it in {FILE}; `msvc add entity {name}` then brings the code up to it"))
        .hint("a new entity needs a name that is free")
}

/// Runs one edit; `None` where the text is not of a form that it understands.
fn edit(text: &str, change: impl FnOnce(&Node, &mut Text) -> Option<()>) -> Option<String> {
    let document = Node::read(text, FILE).ok()?;
    let mut lines = Text::new(text);
    change(&document, &mut lines)?;
    Some(lines.finish())
}

/// The edited text, if it says what is wanted.
fn checked_edit(
    edited: Option<String>,
    wanted: Service,
    name: &DnsLabel,
    by_hand: &[String],
) -> Result<(String, Service)> {
    match edited {
        Some(text) if parse_service(&text, FILE).is_ok_and(|read| read == wanted) => Ok((text, wanted)),
        _ => Err(Error::usage(format!("{FILE} is written in a way that msvc can't safely edit"))
            .hint(format!("add this by hand:\n{}", by_hand.join("\n")))
            .hint(format!("`msvc add entity {name}` then brings the code up to it"))),
    }
}

fn in_block_style(parent: &places::Entry, entries: &[places::Entry]) -> bool {
    entries.first().is_some_and(|first| first.line > parent.line)
        && entries.windows(2).all(|pair| pair[0].column == pair[1].column && pair[0].line < pair[1].line)
}

/// By how much the entries' own keys are indented.
fn step(entries: &[places::Entry]) -> String {
    let inner = entries.iter().find_map(|e| e.value.entries().first()?.column.checked_sub(e.column));
    " ".repeat(inner.filter(|n| (1..=8).contains(n)).unwrap_or(2))
}

fn field_lines(entity: &Entity) -> Result<Vec<String>> {
    entity.fields.iter().map(|(name, field)| Ok(format!("{}: {}", to_flow(name)?, to_flow(&**field)?))).collect()
}

fn to_flow<T: serde::Serialize>(value: &T) -> Result<String> {
    let value: Value = json!(value);
    yaml_flow::flow(&value).map_err(|why| Error::failed(format!("could not write {FILE}")).cause(why))
}

fn indented(lines: &[String], indent: &str) -> Vec<String> {
    lines.iter().map(|line| format!("{indent}{line}")).collect()
}
