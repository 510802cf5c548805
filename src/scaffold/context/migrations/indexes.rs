//! The indexes of a table that changes: those that go, and those that come.

use super::Columns;
use crate::project::entity::Entity;
use crate::scaffold::context::sql::{index, index_name, indexed};

/// What happens to the indexes of one table, by their columns.
#[derive(Debug, Default)]
pub(super) struct Indexes<'a> {
    /// Those that are dropped before the columns change.
    dropped: Vec<&'a str>,
    /// Those that are made when the columns have changed.
    made: Vec<&'a str>,
    /// Those on columns that SQLite replaces: there they go and come again.
    replaced: Vec<&'a str>,
}

impl<'a> Indexes<'a> {
    pub(super) fn between(old: &'a Entity, new: &'a Entity, columns: &Columns) -> Self {
        let (before, after) = (indexed(old), indexed(new));
        let goes = |column: &str| columns.dropped.iter().any(|(field, _)| field.as_str() == column);
        let is_kept = |column: &str| columns.kept.iter().any(|(field, ..)| field.as_str() == column);
        let stays = |column: &&str| before.contains(column) && after.contains(column) && !goes(column);
        Self {
            dropped: before.iter().filter(|column| !stays(column)).copied().collect(),
            made: after.iter().filter(|column| !stays(column)).copied().collect(),
            replaced: after.iter().filter(|column| stays(column) && is_kept(column)).copied().collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.made.is_empty()
    }

    /// `changes` to a table of SQLite between those of its indexes.
    pub(super) fn around_sqlite(&self, table: &str, changes: Vec<String>) -> Vec<String> {
        let dropped = drop(table, self.dropped.iter().chain(&self.replaced));
        dropped.chain(changes).chain(make(table, self.replaced.iter().chain(&self.made))).collect()
    }

    /// `changes` to a table of PostgreSQL between those of its indexes.
    pub(super) fn around_postgres(&self, table: &str, changes: Vec<String>) -> Vec<String> {
        drop(table, self.dropped.iter()).chain(changes).chain(make(table, self.made.iter())).collect()
    }
}

fn drop<'a>(table: &'a str, columns: impl Iterator<Item = &'a &'a str> + 'a) -> impl Iterator<Item = String> + 'a {
    columns.map(move |column| format!("DROP INDEX {}", index_name(table, column)))
}

fn make<'a>(table: &'a str, columns: impl Iterator<Item = &'a &'a str> + 'a) -> impl Iterator<Item = String> + 'a {
    columns.map(move |column| format!("CREATE INDEX {}", index(table, column)))
}
