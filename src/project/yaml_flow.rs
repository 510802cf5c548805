//! Values as YAML on one line, as msvc.yaml holds fields: `{ type: enum, values: [placed, paid] }`.

use serde_json::Value;

/// `value` in flow style.
///
/// # Errors
/// It holds something that YAML can't (why, in one sentence).
pub fn flow(value: &Value) -> Result<String, String> {
    match value {
        Value::Object(map) => {
            let items = map.iter().map(|(k, v)| Ok(format!("{}: {}", scalar(&Value::String(k.clone()))?, flow(v)?)));
            let items = items.collect::<Result<Vec<_>, String>>()?;
            Ok(if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) })
        }
        Value::Array(list) => {
            let items = list.iter().map(flow).collect::<Result<Vec<_>, _>>()?;
            Ok(format!("[{}]", items.join(", ")))
        }
        plain => scalar(plain),
    }
}

/// A scalar as it may stand in flow context: quoted where YAML would read it as something else.
fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.contains([',', '[', ']', '{', '}', '\n']) => {
            Ok(Value::String(text.clone()).to_string())
        }
        // A range such as 1..120 is text in every version of YAML, and reads better without quotes.
        Value::String(text) if text.contains("..") && text.chars().all(|c| c == '.' || c.is_ascii_digit()) => {
            Ok(text.clone())
        }
        other => serde_saphyr::to_string(other).map(|s| s.trim_end().to_owned()).map_err(|e| e.to_string()),
    }
}
