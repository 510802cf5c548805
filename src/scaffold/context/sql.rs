//! The SQL of an entity: statements for both databases, and the columns of each. Names are quoted, for a field may
//! be called `order` or `user`.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::names;
use crate::project::entity::{Entity, Field, FieldType};
use crate::project::name::FieldName;

/// Lines of SQL in generated code end here.
const WIDTH: usize = 96;

/// The table of an entity.
pub(super) fn table(entity: &str) -> String {
    names::plural(&entity.to_snake_case())
}

pub(super) fn context(table: &str, integer_id: bool, entity: &Entity) -> Value {
    let names: Vec<&str> = entity.fields.keys().map(FieldName::as_str).collect();
    let quoted = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
    let stored = [&["id"], names.as_slice(), &["created_at", "updated_at"]].concat();
    let all = [stored.as_slice(), &["row_version"]].concat();
    let inserted = if integer_id { &stored[1..] } else { &stored };
    let placeholders: Vec<String> = (1..=inserted.len()).map(|number| format!("${number}")).collect();
    let updated = names.iter().chain(&["updated_at"]).zip(2..).map(|(name, number)| format!("\"{name}\" = ${number}"));
    let updated = updated.chain(["\"row_version\" = \"row_version\" + 1".to_owned()]);
    json!({
        "table": format!("\"{table}\""),
        "select": wrapped(&quoted(&all), "SELECT ".len()),
        "returning": wrapped(&quoted(&all), "RETURNING ".len()),
        "insert": wrapped(&quoted(inserted), "    (".len()),
        "values": wrapped(&placeholders, "VALUES (".len()),
        "set": wrapped(&updated.collect::<Vec<_>>(), "SET ".len()),
        "expected": format!("${}", names.len() + 3),
        "sqlite": definitions(&SQLITE, integer_id, entity),
        "postgres": definitions(&POSTGRES, integer_id, entity),
        "indexes": indexed(entity).into_iter().map(|column| index(table, column)).collect::<Vec<_>>(),
    })
}

/// How a database writes the columns that every table has, and those of fields.
struct Dialect {
    integer_key: &'static str,
    uuid: &'static str,
    timestamp: &'static str,
    integer: &'static str,
    column: fn(&Field) -> String,
}

const SQLITE: Dialect = Dialect {
    integer_key: "INTEGER PRIMARY KEY AUTOINCREMENT",
    uuid: "BLOB",
    timestamp: "TEXT",
    integer: "INTEGER",
    column: sqlite_type,
};

const POSTGRES: Dialect = Dialect {
    integer_key: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    uuid: "UUID",
    timestamp: "TIMESTAMPTZ",
    integer: "BIGINT",
    column: postgres_type,
};

/// The columns with indexes behind filters, orders and foreign keys.
pub(super) fn indexed(entity: &Entity) -> Vec<&str> {
    let sorted = entity.fields.values().any(|field| field.sort);
    let fields = entity.fields.iter().filter(|(_, field)| !field.unique);
    let fields = fields.filter(|(_, field)| field.filter || field.sort || field.target().is_some());
    fields.map(|(name, _)| name.as_str()).chain(sorted.then_some("created_at")).collect()
}

/// The name of a column's index.
pub(super) fn index_name(table: &str, column: &str) -> String {
    format!("\"{table}_by_{column}\"")
}

/// A column's index. With the id as its second column it gives rows in the order of pages.
pub(super) fn index(table: &str, column: &str) -> String {
    format!("{} ON \"{table}\" (\"{column}\", \"id\")", index_name(table, column))
}

/// A list over as many lines as it takes; the first has `taken` characters already.
fn wrapped(items: &[String], taken: usize) -> String {
    const INDENT: &str = "\n        ";
    let mut text = String::new();
    let mut column = 4 + taken;
    for (index, item) in items.iter().enumerate() {
        if index > 0 && column + item.len() + 2 > WIDTH {
            text.push(',');
            text.push_str(INDENT);
            column = INDENT.len() - 1;
        } else if index > 0 {
            text.push_str(", ");
            column += 2;
        }
        text.push_str(item);
        column += item.len();
    }
    text
}

fn definitions(dialect: &Dialect, integer_id: bool, entity: &Entity) -> Value {
    let id = if integer_id {
        format!("\"id\" {}", dialect.integer_key)
    } else {
        format!("\"id\" {} NOT NULL PRIMARY KEY", dialect.uuid)
    };
    let fields = entity.fields.iter().map(|(name, field)| column(name.as_str(), field, dialect.column, ""));
    let times = ["created_at", "updated_at"].map(|name| format!("\"{name}\" {} NOT NULL", dialect.timestamp));
    let version = format!("\"row_version\" {} NOT NULL DEFAULT 1", dialect.integer);
    std::iter::once(id).chain(fields).chain(times).chain([version]).map(Value::from).collect()
}

/// The definition of a field's column; `default` is a clause of its own, or empty.
pub(super) fn column(name: &str, field: &Field, column_type: fn(&Field) -> String, default: &str) -> String {
    let values: Vec<String> = field.values.iter().map(|value| format!("'{value}'")).collect();
    let check = format!("CHECK (\"{name}\" IN ({}))", values.join(", "));
    let parts = [
        Some(format!("\"{name}\" {}", column_type(field))),
        (!field.optional).then(|| "NOT NULL".to_owned()),
        (!default.is_empty()).then(|| default.to_owned()),
        field.unique.then(|| "UNIQUE".to_owned()),
        field.target().map(|target| format!("REFERENCES \"{}\" (\"id\")", table(target))),
        (field.kind == FieldType::Enum).then_some(check),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(super) fn sqlite_type(field: &Field) -> String {
    match field.kind {
        FieldType::Integer | FieldType::Boolean | FieldType::Decimal => "INTEGER".to_owned(),
        FieldType::Uuid => "BLOB".to_owned(),
        _ => "TEXT".to_owned(),
    }
}

pub(super) fn postgres_type(field: &Field) -> String {
    match field.kind {
        // Sorted by the bytes of their text, as SQLite does: an order that no locale changes under the index.
        FieldType::String | FieldType::Enum if field.sort => "TEXT COLLATE \"C\"".to_owned(),
        FieldType::String | FieldType::Text | FieldType::Enum => "TEXT".to_owned(),
        FieldType::Integer => "BIGINT".to_owned(),
        FieldType::Decimal => {
            let (digits, scale) = field.precision();
            format!("NUMERIC({digits}, {scale})")
        }
        FieldType::Boolean => "BOOLEAN".to_owned(),
        FieldType::Uuid => "UUID".to_owned(),
        FieldType::Date => "DATE".to_owned(),
        FieldType::Datetime => "TIMESTAMPTZ".to_owned(),
        FieldType::Json => "JSONB".to_owned(),
    }
}
