//! What follows for the contract of a service from what its msvc.yaml declares, and from the contract that it has.

use super::*;
use crate::project::load::parse_service;
use crate::scaffold::context;
use crate::scaffold::tree::{Entry, Tree};

const HEAD: &str = "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: grpc }\nentities:\n";

fn extended(entities: &str, committed: &Committed) -> Result<Value> {
    let service = parse_service(&format!("{HEAD}{entities}"), "msvc.yaml").unwrap();
    let mut context = context::of(&service, None).unwrap();
    extend(&mut context, &service, committed)?;
    Ok(context["entities"][0]["proto"].clone())
}

/// The lines of the message and its first enum.
fn lines(entities: &str, committed: &Committed) -> Vec<String> {
    let proto = extended(entities, committed).unwrap();
    let enumeration = &proto["enums"][0];
    let lists = [&proto["reserved"], &proto["fields"], &enumeration["reserved"], &enumeration["lines"]];
    let lines = lists.into_iter().filter_map(Value::as_array).flatten();
    lines.map(|line| line["line"].as_str().or(line.as_str()).unwrap().to_owned()).collect()
}

fn tree(message: &str) -> Tree {
    let mut tree = Tree::default();
    let text = format!("syntax = \"proto3\";\npackage orders.v1;\nmessage Order {{\n{message}\n}}\n");
    tree.insert("proto/orders/v1/order.proto".to_owned(), Entry::file(text.as_bytes()));
    tree
}

const WRITTEN: &str = "string customer = 10; int64 quantity = 11; Status status = 12; string id = 1;
    enum Status { STATUS_UNSPECIFIED = 0; STATUS_PLACED = 1; STATUS_PAID = 2; }";

#[test]
fn numbers_of_a_new_contract_follow_the_order_of_declaration() {
    let entities = "  order:\n    fields:\n      customer: { type: string }\n      note: { type: text, optional: true }\n      \
        status: { type: enum, values: [placed, paid] }\n      grade: { type: integer, default: 3 }\n";
    let expected = [
        "string customer = 10;",
        "optional string note = 11;",
        "Status status = 12;",
        "optional int64 grade = 13;",
        "STATUS_PLACED = 1;",
        "STATUS_PAID = 2;",
    ];
    assert_eq!(lines(entities, &Committed::default()), expected);
}

#[test]
fn numbers_stay_when_fields_and_values_come_go_and_move() {
    let written = tree(WRITTEN);
    let committed = Committed::read(&written, &written).unwrap();
    let entities = "  order:\n    fields:\n      note: { type: text }\n      \
        status: { type: enum, values: [sent, paid] }\n      customer: { type: string, optional: true }\n";
    let expected = [
        "reserved 11;",
        "reserved \"quantity\";",
        "string note = 13;",
        "Status status = 12;",
        "optional string customer = 10;",
        "reserved 1;",
        "reserved \"STATUS_PLACED\";",
        "STATUS_SENT = 3;",
        "STATUS_PAID = 2;",
    ];
    assert_eq!(lines(entities, &committed), expected);
}

#[test]
fn another_type_gets_another_number_and_what_comes_back_does_not_get_its_old_one() {
    let written = tree("reserved 10, 13; reserved \"customer\"; int64 quantity = 11;");
    let committed = Committed::read(&written, &written).unwrap();
    let entities = "  order:\n    fields:\n      customer: { type: string }\n      quantity: { type: string }\n";
    let expected = ["reserved 10, 11, 13;", "string customer = 14;", "string quantity = 15;"];
    assert_eq!(lines(entities, &committed), expected);
}

#[test]
fn numbers_that_the_user_gave_or_reserved_are_left_alone() {
    let ours = tree("reserved 30 to 40, 100 to max; string customer = 10; string own = 20;");
    let base = tree("string customer = 10;");
    let committed = Committed::read(&ours, &base).unwrap();
    let entities = "  order:\n    fields:\n      customer: { type: string }\n      note: { type: text }\n";
    assert_eq!(lines(entities, &committed), ["string customer = 10;", "string note = 41;"]);
}

#[test]
fn what_a_message_cannot_hold_is_refused() {
    for (entities, expected) in [
        ("  order:\n    fields:\n      etag: { type: string }\n", "field `etag` of `order` can't be generated"),
        (
            "  order:\n    fields:\n      page_size: { type: integer, filter: true }\n",
            "field `page_size` of `order` can't be generated",
        ),
        (
            "  order:\n    fields:\n      kind: { type: enum, values: [of_it] }\n      kind_of: { type: enum, values: [it] }\n",
            "field `kind_of` can't be generated",
        ),
        (
            "  order:\n    fields: { a: { type: text } }\n  order-service:\n    fields: { a: { type: text } }\n",
            "there can't be two messages or services called `OrderService`",
        ),
    ] {
        assert_eq!(extended(entities, &Committed::default()).unwrap_err().message, expected);
    }
    let broken = tree("string customer = ;");
    let error = Committed::read(&broken, &broken).unwrap_err();
    assert!(error.message.starts_with("proto/orders/v1/order.proto can't be read"), "{}", error.message);
}
