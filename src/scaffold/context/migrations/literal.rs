//! Defaults as literals of SQL, in the form in which the service itself stores such values.

use serde_json::Value;

use crate::project::entity::{Field, FieldType};
use crate::scaffold::context::defaults::{decimal_default, units};

/// The field's default for SQLite.
pub(super) fn sqlite(field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    let text = plain(default);
    Some(match field.kind {
        FieldType::Boolean => if default == &Value::Bool(true) { "1" } else { "0" }.to_owned(),
        FieldType::Decimal => units(&text, field.precision().1)?.to_string(),
        FieldType::Uuid => format!("X'{}'", text.replace('-', "")),
        FieldType::Datetime => {
            let moment = text.parse::<jiff::Timestamp>().ok()?;
            quoted(&moment.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
        }
        _ => return postgres(field),
    })
}

/// The field's default for PostgreSQL.
pub(super) fn postgres(field: &Field) -> Option<String> {
    let default = field.default.as_ref()?;
    Some(match field.kind {
        FieldType::Boolean => if default == &Value::Bool(true) { "TRUE" } else { "FALSE" }.to_owned(),
        FieldType::Integer => plain(default),
        FieldType::Decimal => decimal_default(field)?,
        FieldType::Json => quoted(&default.to_string()),
        _ => quoted(&plain(default)),
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
