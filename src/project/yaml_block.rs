//! A service's declaration as the text of its msvc.yaml, in the form in which templates write it: one line for each
//! entity's field and whatever else fits on one.

use serde_json::{Map, Value};

use super::yaml_flow::flow;

const HEAD: &str = "# What this service is. msvc makes its image and its Kubernetes objects from this file.\n";

/// Lines are not longer than this, unless they can't be broken.
const WIDTH: usize = 120;

/// Keys whose entries have a line or more each, down to this depth.
const OPEN: [(&str, usize); 5] = [("entities", 3), ("publishes", 3), ("deploy", 1), ("image", 1), ("environments", 1)];

/// The text of a service's msvc.yaml.
///
/// # Errors
/// It holds something that YAML can't (why, in one sentence).
pub fn service(document: &Map<String, Value>) -> Result<String, String> {
    let mut text = HEAD.to_owned();
    for (key, value) in document {
        let open = OPEN.iter().find(|(name, _)| name == key).map_or(0, |(_, depth)| *depth);
        entry(&mut text, "", key, value, open)?;
    }
    Ok(text)
}

fn entry(text: &mut String, indent: &str, key: &str, value: &Value, open: usize) -> Result<(), String> {
    let key = flow(&Value::from(key))?;
    let line = format!("{indent}{key}: {}\n", flow(value)?);
    match value {
        Value::Object(map) if !map.is_empty() && (open > 0 || line.len() > WIDTH) => {
            text.extend([indent, &key, ":\n"]);
            let indent = format!("{indent}  ");
            map.iter().try_for_each(|(key, value)| entry(text, &indent, key, value, open.saturating_sub(1)))
        }
        _ => {
            text.push_str(&line);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::service;

    #[test]
    fn a_declaration_reads_as_templates_write_it() {
        let document = json!({
            "apiVersion": "msvc/v1", "kind": "Service", "name": "orders",
            "template": { "name": "rest", "options": { "store": "sql" } },
            "entities": { "order": { "id": "integer", "fields": {
                "total": { "type": "decimal", "digits": 10, "scale": 2 },
                "status": { "type": "enum", "values": ["placed", "no"] },
            } } },
            "uses": ["users"],
            "publishes": { "order.placed": { "schema": { "order": "uuid" } } },
            "deploy": { "autoscale": { "min": 2, "max": 10 } },
        });
        let document: Map<String, Value> = document.as_object().unwrap().clone();
        insta::assert_snapshot!(service(&document).unwrap());
    }
}
