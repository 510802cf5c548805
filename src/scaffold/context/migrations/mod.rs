//! Which migrations lead from the tables that a project has to those that it declares. Migrations that exist are
//! never rendered again: what changed since gets files of its own, with the numbers that follow.

mod indexes;
mod literal;
mod refusal;
mod statements;
mod there;

use indexmap::IndexMap;
use serde_json::{Value, json};

use self::indexes::Indexes;
pub use self::there::There;
use super::sql;
use crate::error::{Error, Result};
use crate::project::checked::Checked;
use crate::project::entity::{Entity, Field, FieldType};
use crate::project::name::FieldName;
use crate::project::references::by_reference;
use crate::project::{DnsLabel, Service};

/// The entities of a service.
pub type Entities = IndexMap<DnsLabel, Checked<Entity>>;

/// What the migrations that exist lead to.
#[derive(Debug, Default)]
pub struct History {
    /// The entities that have tables.
    pub entities: Entities,
    /// The files of migrations.
    pub there: There,
    /// Whether the service hears events, for which it has a table.
    pub hears: bool,
    /// Whether data may be lost.
    pub allow_data_loss: bool,
}

/// The migrations to write.
#[derive(Debug, Default)]
pub struct Migrations {
    /// The name of the one that makes the table of events that have arrived.
    pub inbox: Option<String>,
    /// The entities whose tables are made, with the names of those migrations.
    pub created: IndexMap<String, String>,
    /// The tables that change, as templates see them.
    pub changes: Vec<Value>,
}

/// What happens to the columns of one table.
#[derive(Debug, Default)]
struct Columns<'a> {
    added: Vec<(&'a FieldName, &'a Field)>,
    /// Those whose rules for null or for values grew wider, or were given a default: what they hold is kept.
    kept: Vec<(&'a FieldName, &'a Field, &'a Field)>,
    dropped: Vec<(&'a FieldName, &'a Field)>,
    /// Those whose text PostgreSQL sorts in another order: by its bytes, where lists are sorted by it.
    collated: Vec<(&'a FieldName, &'a Field)>,
    indexes: Indexes<'a>,
}

/// The migrations from `history` to what `service` declares.
///
/// # Errors
/// A change that loses data without being allowed to, or that rows which exist can't follow (exit code 2).
pub fn plan(service: &Service, history: History) -> Result<Migrations> {
    let mut planned = Migrations::default();
    let mut there = history.there;
    if history.hears {
        planned.inbox = there.take_inbox();
    }
    let mut number = there.last();
    let mut next = |what: String| {
        number += 1;
        format!("{number:04}_{what}")
    };
    // Each table finds those that it refers to, also where it only gets such a column.
    let tables = by_reference(&service.entities).map_err(Error::invalid)?;
    for name in tables.into_iter().filter(|name| !history.entities.contains_key(*name)) {
        planned.created.insert(name.to_string(), next(format!("create_{}", table(name))));
    }
    for (name, new) in &service.entities {
        let Some(old) = history.entities.get(name) else { continue };
        let columns = columns(name, old, new, history.allow_data_loss)?;
        if !columns.is_empty() {
            let table = table(name);
            let migration = next(columns.title(&table));
            planned.changes.push(json!({
                "migration": migration,
                "entity": name,
                "sqlite": statements::sqlite(&table, &columns),
                "postgres": statements::postgres(&table, &columns),
            }));
        }
    }
    let tables = by_reference(&history.entities).map_err(Error::invalid)?;
    for name in tables.into_iter().rev().filter(|name| !service.entities.contains_key(*name)) {
        if !history.allow_data_loss {
            return Err(refusal::dropped_table(name));
        }
        let table = table(name);
        let drop = vec![format!("DROP TABLE \"{table}\"")];
        let migration = next(format!("drop_{table}"));
        planned.changes.push(json!({ "migration": migration, "entity": name, "sqlite": drop, "postgres": drop }));
    }
    Ok(planned)
}

/// The table of an entity.
fn table(entity: &DnsLabel) -> String {
    sql::table(entity.as_str())
}

fn columns<'a>(name: &DnsLabel, old: &'a Entity, new: &'a Entity, allow_data_loss: bool) -> Result<Columns<'a>> {
    if old.id != new.id {
        return Err(refusal::other_id(name));
    }
    let mut columns = Columns::default();
    for (field, declared) in &new.fields {
        let declared: &Field = declared;
        match old.fields.get(field).map(|before| &**before) {
            None => {
                refusal::of_added(name, field, declared)?;
                columns.added.push((field, declared));
            }
            Some(before) if same_column(before, declared) => {}
            Some(before) if keeps_values(before, declared) => columns.kept.push((field, before, declared)),
            Some(before) => {
                refusal::of_replaced(name, field, before, declared, allow_data_loss)?;
                columns.dropped.push((field, before));
                columns.added.push((field, declared));
            }
        }
    }
    for (field, before) in old.fields.iter().filter(|(field, _)| !new.fields.contains_key(*field)) {
        let before: &Field = before;
        refusal::of_dropped(name, field, before, allow_data_loss)?;
        columns.dropped.push((field, before));
    }
    columns.collated = collated(old, new, &columns.dropped);
    columns.indexes = Indexes::between(old, new, &columns);
    Ok(columns)
}

/// The fields whose columns stay and yet are of another type to PostgreSQL.
fn collated<'a>(old: &Entity, new: &'a Entity, dropped: &[(&FieldName, &Field)]) -> Vec<(&'a FieldName, &'a Field)> {
    let changes = |(name, field): &(&FieldName, &Field)| {
        let before = old.fields.get(*name).filter(|_| dropped.iter().all(|(dropped, _)| dropped != name));
        before.is_some_and(|before| sql::postgres_type(before) != sql::postgres_type(field))
    };
    new.fields.iter().map(|(name, field)| (name, &**field)).filter(changes).collect()
}

/// Whether two declarations make the same column: rules for values that only requests are held to don't count.
fn same_column(old: &Field, new: &Field) -> bool {
    same_type(old, new) && old.optional == new.optional && covers(old, new) && covers(new, old)
}

fn same_type(old: &Field, new: &Field) -> bool {
    let precise = old.kind != FieldType::Decimal || old.precision() == new.precision();
    old.kind == new.kind && precise && old.unique == new.unique && old.target() == new.target()
}

/// Whether all values of the enum `old` are values of `new`.
fn covers(new: &Field, old: &Field) -> bool {
    old.values.iter().all(|value| new.values.contains(value))
}

/// Whether each value that the column holds, null aside, fits the new one.
fn keeps_values(old: &Field, new: &Field) -> bool {
    let fillable = new.optional || !old.optional || new.default.is_some();
    same_type(old, new) && !new.unique && covers(new, old) && fillable
}

impl Columns<'_> {
    fn is_empty(&self) -> bool {
        let none = self.added.is_empty() && self.kept.is_empty() && self.dropped.is_empty();
        none && self.collated.is_empty() && self.indexes.is_empty()
    }

    fn title(&self, table: &str) -> String {
        match (self.added.as_slice(), self.kept.as_slice(), self.dropped.as_slice()) {
            ([(field, _)], [], []) => format!("add_{field}_to_{table}"),
            ([], [], [(field, _)]) => format!("drop_{field}_from_{table}"),
            _ => format!("change_{table}"),
        }
    }
}

#[cfg(test)]
mod tests;
