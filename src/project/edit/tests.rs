//! Edits of files as people write them.

use std::fmt::Write;

use super::add;
use crate::project::entity_spec::entity;
use crate::project::load::parse_service;

const HEAD: &str = "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: rest }\n";

fn edited(text: &str, name: &str, fields: &[&str]) -> String {
    let service = parse_service(text, "msvc.yaml").unwrap();
    match add(text, &service, &name.try_into().unwrap(), &entity(fields).unwrap()) {
        Ok((text, _)) => text,
        Err(e) => format!("{e}\n{}\n{}\n", e.causes.join("\n"), e.hints.join("\n")),
    }
}

#[test]
fn comments_order_and_form_are_kept() {
    let block = "entities: # what we sell\n  order: # the first\n    # its fields\n    fields:\n      item: { type: string } # what\n      note:\n        type: string\n        # at most\n        length: 1..9\n\n# how it runs\ndeploy: {}\n";
    let wide =
        "entities:\n    order:\n        fields:\n            item: { type: string }\n    # more to come\nport: 1\n";
    let cases = [
        ("block", block),
        ("wide, entities not last", wide),
        ("empty", "entities:   # none yet\ndeploy: {}\n"),
        ("empty flow", "entities: {} # none yet\nport: 1"),
        ("missing", "port: 1\n\n# how it runs\n# for now\ndeploy: {}\n"),
        ("missing, at the end", "port: 1"),
        ("flow", "entities: { order: { fields: { item: { type: string, pattern: '[}]' }}} }\n"),
        ("flow over lines", "entities: {\n  order: { fields: { item: { type: string } } }, # one\n  }\n"),
        (
            "flow with a comment where the entry goes",
            "entities: {\n  order: { fields: { item: { type: string } } } # one\n  }\n",
        ),
        ("windows", "entities:\r\n  order:\r\n    fields:\r\n      item: { type: string }\r\nport: 1\r\n"),
        ("anchors", "entities:\n  order: &o\n    fields: &f\n      item: { type: string }\n  copy:\n    fields: *f\n"),
    ];
    let mut told = String::new();
    for (name, text) in cases {
        let text = format!("{HEAD}{text}");
        let new = edited(&text, "no", &["title:string:length=1..9:pattern=[a-z], x", "on:enum=yes,no:default=no"]);
        let more = edited(&text, "order", &["count:integer:optional"]);
        let shown = |edited: String| edited.replace(HEAD, "").replace('\r', "<CR>");
        let _ = write!(told, "# {name}: an entity\n{}# {name}: a field\n{}\n", shown(new), shown(more));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_field_that_is_there_stays_or_is_refused() {
    let text = format!("{HEAD}entities:\n  order:\n    fields:\n      item: {{ type: string }}\n");
    assert_eq!(edited(&text, "order", &["item:string"]), text);
    insta::assert_snapshot!(edited(&text, "order", &["item:integer"]));
}

#[test]
fn services_that_are_used_are_added_in_the_form_that_is_there() {
    let cases = [
        ("missing", "port: 1\n# what it tells\npublishes: {}\n"),
        ("missing, at the end", "port: 1"),
        ("flow", "uses: [users] # what it calls\nport: 1\n"),
        ("flow over lines", "uses: [\n  users, # who buys\n]\nport: 1\n"),
        ("empty", "uses: []\n"),
        ("block", "uses:\n  - users # who buys\n\nport: 1\n"),
        ("block, not indented", "uses: # what it calls\n- users\nport: 1\n"),
        ("there", "uses: [stock]\n"),
        ("anchors", "uses: &all\n- users\n"),
    ];
    let mut told = String::new();
    for (name, text) in cases {
        let text = format!("{HEAD}{text}");
        let service = parse_service(&text, "msvc.yaml").unwrap();
        let edited = match super::add_use(&text, &service, &"stock".try_into().unwrap()) {
            Ok((text, _)) => text,
            Err(e) => format!("{e}\n{}\n", e.hints.join("\n")),
        };
        let _ = write!(told, "# {name}\n{}\n", edited.replace(HEAD, ""));
    }
    insta::assert_snapshot!(told);
}
