//! The SQL of an entity: statements for both databases, and the columns of each. Names are quoted, for a field may
//! be called `order` or `user`.

use serde_json::{Value, json};

use crate::project::entity::{Entity, Field, FieldType};
use crate::project::name::FieldName;

/// Lines of SQL in generated code end here.
const WIDTH: usize = 96;

pub(super) fn context(table: &str, integer_id: bool, entity: &Entity) -> Value {
    let names: Vec<&str> = entity.fields.keys().map(FieldName::as_str).collect();
    let quoted = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
    let all = [&["id"], names.as_slice(), &["created_at", "updated_at"]].concat();
    let inserted = if integer_id { &all[1..] } else { &all };
    let placeholders: Vec<String> = (1..=inserted.len()).map(|number| format!("${number}")).collect();
    let updated = names.iter().chain(&["updated_at"]).zip(2..).map(|(name, number)| format!("\"{name}\" = ${number}"));
    json!({
        "table": format!("\"{table}\""),
        "select": wrapped(&quoted(&all), "SELECT ".len()),
        "returning": wrapped(&quoted(&all), "RETURNING ".len()),
        "insert": wrapped(&quoted(inserted), "    (".len()),
        "values": wrapped(&placeholders, "VALUES (".len()),
        "set": wrapped(&updated.collect::<Vec<_>>(), "SET ".len()),
        "sqlite": definitions(integer_id, "INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB", "TEXT", entity, sqlite_type),
        "postgres": definitions(
            integer_id, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "UUID", "TIMESTAMPTZ", entity, postgres_type,
        ),
    })
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

fn definitions(
    integer_id: bool,
    integer_key: &str,
    uuid: &str,
    timestamp: &str,
    entity: &Entity,
    column_type: fn(&Field) -> String,
) -> Value {
    let id = if integer_id { format!("\"id\" {integer_key}") } else { format!("\"id\" {uuid} NOT NULL PRIMARY KEY") };
    let fields = entity.fields.iter().map(|(name, field)| column(name.as_str(), field, column_type, ""));
    let times = ["created_at", "updated_at"].map(|name| format!("\"{name}\" {timestamp} NOT NULL"));
    std::iter::once(id).chain(fields).chain(times).map(Value::from).collect()
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
