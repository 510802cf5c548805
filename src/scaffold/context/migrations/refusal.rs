//! Changes that a migration can't make, or not without the user's word.

use crate::error::{Error, Result};
use crate::project::DnsLabel;
use crate::project::entity::Field;
use crate::project::name::FieldName;

/// The word.
const FLAG: &str = "--allow-data-loss";

pub(super) fn other_id(entity: &DnsLabel) -> Error {
    Error::usage(format!("the type of the id of `{entity}` can't change"))
        .cause("other tables and clients hold ids of its rows")
        .hint("make a new entity, and move the data in a migration of your own")
}

pub(super) fn dropped_table(entity: &DnsLabel) -> Error {
    Error::usage(format!("entity `{entity}` is no longer declared: its table would be dropped"))
        .hint(format!("declare it again, or drop the table with all its data with {FLAG}"))
}

/// Rows that exist need a value for a new column.
pub(super) fn of_added(entity: &DnsLabel, field: &FieldName, new: &Field) -> Result<()> {
    let refused = |why: &str| Error::usage(format!("field `{field}` can't be added to `{entity}`")).cause(why);
    if new.optional {
        return Ok(());
    }
    match &new.default {
        None => {
            let kind = new.kind.name();
            let hint = match new.target() {
                Some(target) => format!("let it be absent (`{field}:{kind}:optional:references={target}`)"),
                None => format!(
                    "give it one (`{field}:{kind}:default=..`), or let it be absent (`{field}:{kind}:optional`)"
                ),
            };
            Err(refused("rows that exist have no value for it")
                .hint(hint)
                .hint(format!("entity `{entity}` exists already; a new entity needs another name")))
        }
        Some(_) if new.unique => Err(refused("it is unique, and rows that exist would all get its default")
            .hint("make it optional, and fill it in a migration of your own")),
        Some(_) => Ok(()),
    }
}

/// A column that is made anew under its old name: what it held is gone.
pub(super) fn of_replaced(entity: &DnsLabel, field: &FieldName, old: &Field, new: &Field, allowed: bool) -> Result<()> {
    let changed = || Error::usage(format!("field `{field}` of `{entity}` can't change that way"));
    if old.unique || new.unique {
        return Err(changed()
            .cause("SQLite can neither drop a unique column nor make one unique")
            .hint("add a field of another name, and move the data in a migration of your own"));
    }
    of_added(entity, field, new).map_err(|e| Error { message: changed().message, ..e })?;
    if allowed {
        return Ok(());
    }
    let what = match (old.kind == new.kind, old.target() == new.target(), new.target()) {
        (false, ..) => format!("it is {}, and would be {}", old.kind.name(), new.kind.name()),
        (_, false, Some(target)) => format!("its values may be no ids of `{target}`"),
        (_, false, None) => "a foreign key can't be taken off a column that holds data".to_owned(),
        _ => "its values may not fit the new declaration".to_owned(),
    };
    Err(changed().cause(what).hint(format!("add a field of another name, or drop its values with {FLAG}")))
}

pub(super) fn of_dropped(entity: &DnsLabel, field: &FieldName, old: &Field, allowed: bool) -> Result<()> {
    let refused =
        Error::usage(format!("field `{field}` of `{entity}` is no longer declared: its column would be dropped"));
    if old.unique {
        return Err(refused
            .cause("SQLite can't drop a unique column")
            .hint("declare it again, or remove it in a migration of your own"));
    }
    if allowed {
        return Ok(());
    }
    Err(refused.hint(format!("declare it again, or drop the column with its data with {FLAG}")))
}
