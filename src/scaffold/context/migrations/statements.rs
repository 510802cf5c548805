//! The statements that change a table. Rows that exist take the default where a column needs a value.

use super::{Columns, literal};
use crate::project::entity::{Field, FieldType};
use crate::project::name::FieldName;
use crate::scaffold::context::sql::{column, postgres_type, sqlite_type};

/// For SQLite, which can't change a column: it gets a new one in its place, with what the old one held.
pub(super) fn sqlite(table: &str, columns: &Columns) -> Vec<String> {
    let mut statements = dropped(table, columns);
    for (name, field) in &columns.added {
        statements.extend(added(table, name, field, sqlite_type, literal::sqlite(field).as_deref()));
    }
    for (name, _, new) in &columns.kept {
        let default = literal::sqlite(new);
        // A column that may not be null needs a default to be added; each row gets its own value at once.
        let first = new.values.first().map(|value| format!("'{value}'"));
        let any = default.clone().or(first).unwrap_or_else(|| empty(new).to_owned());
        let clause = if new.optional { String::new() } else { format!("DEFAULT {any}") };
        let definition = column(&format!("{name}_new"), new, sqlite_type, &clause);
        let value = default.filter(|_| !new.optional);
        let value = value.map_or(format!("\"{name}\""), |default| format!("coalesce(\"{name}\", {default})"));
        statements.extend([
            format!("ALTER TABLE \"{table}\" ADD COLUMN {definition}"),
            format!("UPDATE \"{table}\" SET \"{name}_new\" = {value}"),
            format!("ALTER TABLE \"{table}\" DROP COLUMN \"{name}\""),
            format!("ALTER TABLE \"{table}\" RENAME COLUMN \"{name}_new\" TO \"{name}\""),
        ]);
    }
    columns.indexes.around_sqlite(table, statements)
}

/// For PostgreSQL.
pub(super) fn postgres(table: &str, columns: &Columns) -> Vec<String> {
    let mut statements = dropped(table, columns);
    for (name, field) in &columns.added {
        statements.extend(added(table, name, field, postgres_type, literal::postgres(field).as_deref()));
    }
    for (name, old, new) in &columns.kept {
        let alter = format!("ALTER TABLE \"{table}\"");
        if new.values != old.values {
            let values: Vec<String> = new.values.iter().map(|value| format!("'{value}'")).collect();
            let check = format!("\"{table}_{name}_check\"");
            let allowed = format!("CHECK (\"{name}\" IN ({}))", values.join(", "));
            statements.push(format!("{alter} DROP CONSTRAINT {check}, ADD CONSTRAINT {check} {allowed}"));
        }
        match (old.optional, new.optional, literal::postgres(new)) {
            (false, true, _) => statements.push(format!("{alter} ALTER COLUMN \"{name}\" DROP NOT NULL")),
            (true, false, Some(default)) => statements.extend([
                format!("UPDATE \"{table}\" SET \"{name}\" = {default} WHERE \"{name}\" IS NULL"),
                format!("{alter} ALTER COLUMN \"{name}\" SET NOT NULL"),
            ]),
            _ => {}
        }
    }
    for (name, field) in &columns.collated {
        let kind = postgres_type(field);
        statements.push(format!("ALTER TABLE \"{table}\" ALTER COLUMN \"{name}\" TYPE {kind}"));
    }
    columns.indexes.around_postgres(table, statements)
}

fn dropped(table: &str, columns: &Columns) -> Vec<String> {
    columns.dropped.iter().map(|(name, _)| format!("ALTER TABLE \"{table}\" DROP COLUMN \"{name}\"")).collect()
}

fn added(
    table: &str,
    name: &FieldName,
    field: &Field,
    column_type: fn(&Field) -> String,
    default: Option<&str>,
) -> Vec<String> {
    // SQLite adds no unique column, and one default for all rows would not be unique: an index does it on both.
    let plain = Field { unique: false, ..field.clone() };
    let clause = default.filter(|_| !field.unique).map_or_else(String::new, |default| format!("DEFAULT {default}"));
    let mut statements =
        vec![format!("ALTER TABLE \"{table}\" ADD COLUMN {}", column(name.as_str(), &plain, column_type, &clause))];
    if field.unique {
        statements.push(format!("CREATE UNIQUE INDEX \"{table}_{name}_key\" ON \"{table}\" (\"{name}\")"));
    }
    statements
}

/// A value of the column's type on SQLite.
fn empty(field: &Field) -> &'static str {
    match field.kind {
        FieldType::Integer | FieldType::Boolean | FieldType::Decimal => "0",
        FieldType::Uuid => "X''",
        _ => "''",
    }
}
