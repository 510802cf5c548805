//! The list of an entity: its pages, filters and orders.

use serde_json::{Value, json};

use super::{common, enumeration, json_content, reference, text};

/// What the list can be sorted by.
pub(super) fn sorts(entity: &Value) -> Vec<String> {
    let sorts = entity["list"]["sorts"].as_array().into_iter().flatten();
    sorts.map(|sort| text(&sort["name"])).flat_map(|name| [name.clone(), format!("-{name}")]).collect()
}

pub(super) fn parameters(entity: &Value) -> Value {
    let titles = text(&entity["titles"]);
    let filters = entity["list"]["filters"].as_array().into_iter().flatten().map(|filter| {
        let description = format!("Only {titles} with this `{}`.", text(&filter["name"]));
        let schema =
            if filter["inline"] == true { enumeration(filter, &Value::Null) } else { filter["parameter"].clone() };
        parameter(&filter["name"], &description, &schema)
    });
    let sorts = sorts(entity);
    let sort = (!sorts.is_empty()).then(|| {
        let description = "What to sort by; `-` before it turns the order round. Without it, the oldest come first.";
        let of = format!("What {titles} can be sorted by.");
        let schema = json!({ "type": "string", "description": of, "enum": sorts });
        parameter(&"sort".into(), description, &schema)
    });
    filters.chain(sort).chain(common::page_parameters()).collect()
}

fn parameter(name: &Value, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "required": false, "schema": schema })
}

pub(super) fn responses(pascal: &str) -> Value {
    let many = json!({ "type": "array", "items": reference(pascal) });
    let link = ("link", "Where the next page is: `<..>; rel=\"next\"`".to_owned());
    let page = json!({
        "description": "One page", "headers": common::headers(&[link]), "content": json_content(&many),
    });
    super::responses([("200", page)])
}
