//! What follows from a declaration, where it is easy to get wrong.

use serde_json::{Value, json};

use super::of;
use crate::project::load::parse_service;

fn context(entities: &str) -> Value {
    let yaml =
        format!("apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: {{ name: rest }}\nentities:\n{entities}");
    of(&parse_service(&yaml, "msvc.yaml").unwrap(), None).unwrap()
}

#[test]
fn rules_become_attributes_that_rustfmt_leaves_alone() {
    let context = context(
        "  order:\n    fields:\n      type: { type: string, length: 1..120 }\n      \
         code: { type: string, length: 2..12, pattern: '[A-Z]+-[0-9]+', format: uri, default: AB-1 }\n      \
         price: { type: decimal, digits: 10, scale: 2, minimum: 0, default: 12.5 }\n",
    );
    let fields = &context["entities"][0]["fields"];
    assert_eq!(fields[0]["identifier"], "r#type");
    assert_eq!(fields[0]["attributes"], json!(["#[schema(min_length = 1, max_length = 120)]"]));
    let lines: Vec<&str> = fields[1]["attributes"][1].as_str().unwrap().lines().collect();
    assert_eq!(lines[0], "#[schema(");
    assert_eq!(lines[3], "        pattern = \"^(?:[A-Z]+-[0-9]+)$\",");
    assert_eq!(fields[2]["default"]["value"], "Decimal::from_units(1250)");
    assert_eq!(fields[2]["schema"]["calls"], json!(["minimum(Some(0.0))", "default(Some(\"12.50\".into()))"]));
}

#[test]
fn enums_are_renamed_only_where_their_values_do_not_come_back() {
    let plain = context("  order:\n    fields: { status: { type: enum, values: [placed, in_transit] } }\n");
    let odd = context("  order:\n    fields: { status: { type: enum, values: [a_1, b] } }\n");
    assert_eq!(plain["entities"][0]["fields"][0]["enum"]["renamed"], false);
    assert_eq!(odd["entities"][0]["fields"][0]["enum"]["renamed"], true);
}

#[test]
fn paths_may_end_in_a_slash() {
    let context =
        context("  order:\n    path: /api/orders/\n    id: integer\n    fields: { item: { type: string } }\n");
    assert_eq!(context["entities"][0]["item_path"], "/api/orders/{id}");
    assert_eq!(context["entities"][0]["id"]["rust"], "i64");
}

#[test]
fn lists_have_what_is_declared_and_no_more() {
    let plain = context("  order:\n    fields: { item: { type: string } }\n");
    assert_eq!(plain["entities"][0]["list"], Value::Null);
    let filtered = context("  order:\n    fields: { item: { type: string, filter: true } }\n");
    let list = &filtered["entities"][0]["list"];
    assert_eq!((&list["filters"][0]["argument"], &list["sorts"]), (&json!("self.item.as_deref()"), &json!([])));
    let sorted = context("  order:\n    fields: { item: { type: string, sort: true } }\n");
    let sorts = sorted["entities"][0]["list"]["sorts"].as_array().unwrap();
    let names: Vec<&Value> = sorts.iter().map(|sort| &sort["name"]).collect();
    assert_eq!(names, [&json!("item"), &json!("created_at")]);
}

#[test]
fn what_lists_can_not_do_is_refused() {
    for (field, why) in [
        ("{ due: { type: date, optional: true, sort: true } }", "where it is missing"),
        ("{ limit: { type: integer, filter: true } }", "a parameter of that name"),
    ] {
        let yaml = format!(
            "apiVersion: msvc/v1\nkind: Service\nname: o\ntemplate: {{ name: rest }}\nentities: {{ order: {{ fields: {field} }} }}\n"
        );
        let error = of(&parse_service(&yaml, "msvc.yaml").unwrap(), None).unwrap_err();
        assert!(error.causes[0].contains(why), "{error:?}");
    }
}
