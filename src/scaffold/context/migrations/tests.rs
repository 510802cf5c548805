//! Migrations between two declarations.

use std::fmt::Write;

use super::{History, There, plan};
use crate::project::Service;
use crate::project::load::parse_service;

fn service(entities: &str) -> Service {
    let head = "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: rest }\nentities:";
    parse_service(&format!("{head}{entities}\n"), "msvc.yaml").unwrap()
}

fn order(fields: &str) -> String {
    format!("\n  order: {{ fields: {{ {fields} }} }}")
}

fn told(old: &str, new: &str, allow_data_loss: bool) -> String {
    let there = There::of(["migrations/sqlite/0003_mine.sql"]);
    let history = History { entities: service(old).entities, there, hears: false, allow_data_loss };
    let mut text = String::new();
    match plan(&service(new), history) {
        Err(e) => {
            let _ = writeln!(text, "{e}: {}\n  {}", e.causes.join("; "), e.hints.join("\n  "));
        }
        Ok(planned) => {
            for (name, migration) in planned.created {
                let _ = writeln!(text, "{migration} for {name}");
            }
            for change in planned.changes {
                let _ = writeln!(text, "{}", change["migration"].as_str().unwrap());
                for database in ["sqlite", "postgres"] {
                    for statement in change[database].as_array().unwrap() {
                        let _ = writeln!(text, "  {database:8} {}", statement.as_str().unwrap());
                    }
                }
            }
        }
    }
    text
}

#[test]
fn every_type_of_field_can_be_added_with_a_default() {
    let new = order(
        "item: { type: string }, a: { type: string, default: it's }, b: { type: text, optional: true }, \
         c: { type: integer, default: -3 }, d: { type: decimal, digits: 8, scale: 3, default: 1.5 }, \
         e: { type: boolean, default: true }, f: { type: uuid, default: 01890a5d-ac96-774b-bcce-b302099a8057 }, \
         g: { type: date, default: 2026-01-02 }, h: { type: datetime, default: '2026-01-02T03:04:05+01:00' }, \
         i: { type: enum, values: [x, z], default: z }, j: { type: json, default: { k: [1] } }, \
         k: { type: string, optional: true, unique: true }",
    );
    insta::assert_snapshot!(told(&order("item: { type: string }"), &new, false));
}

#[test]
fn what_keeps_all_values_is_done_and_what_loses_some_needs_a_word() {
    let base = "item: { type: string }, s: { type: enum, values: [a, b] }, n: { type: integer, optional: true }, u: { type: string, unique: true }";
    let changed = |from: &str, to: &str| order(&base.replace(from, to));
    let other = "\n  book: { fields: { title: { type: string } } }";
    let cases = [
        ("nothing", order(base)),
        ("rules of requests", changed("item: { type: string }", "item: { type: string, length: 1..9, default: x }")),
        ("a new entity", order(base) + other),
        ("a required field", order(&format!("{base}, x: {{ type: date }}"))),
        (
            "a unique field with a default",
            order(&format!("{base}, x: {{ type: date, default: 2026-01-01, unique: true }}")),
        ),
        ("a field less", changed("item: { type: string }, ", "")),
        ("a unique field less", changed(", u: { type: string, unique: true }", "")),
        ("an entity less", other.to_owned()),
        ("a type", changed("item: { type: string }", "item: { type: integer, default: 1 }")),
        ("a type without default", changed("item: { type: string }", "item: { type: integer }")),
        ("a value more", changed("[a, b]", "[c, a, b]")),
        ("a value less", changed("[a, b]", "[a]")),
        ("optional", changed("item: { type: string }", "item: { type: string, optional: true }")),
        ("no longer optional", changed("n: { type: integer, optional: true }", "n: { type: integer }")),
        ("no longer optional, with a default", changed("optional: true", "default: 7")),
        ("no longer unique", changed(", unique: true", "")),
        ("another id", order(base).replace("order: {", "order: { id: integer,")),
    ];
    let mut all = String::new();
    for (name, new) in cases {
        let (careful, allowed) = (told(&order(base), &new, false), told(&order(base), &new, true));
        let _ = write!(all, "# {name}\n{careful}");
        if allowed != careful {
            let _ = write!(all, "with --allow-data-loss:\n{allowed}");
        }
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn indexes_follow_filters_orders_and_references() {
    let base = "code: { type: string, unique: true }, name: { type: string }, s: { type: enum, values: [a, b], filter: true }, \
                day: { type: date, filter: true, sort: true }, by: { type: uuid, references: order, optional: true }";
    let changed = |from: &str, to: &str| order(&base.replace(from, to));
    let name = "name: { type: string }";
    let cases = [
        ("a filter more", changed(name, "name: { type: string, filter: true }")),
        ("an order of texts more", changed(name, "name: { type: string, sort: true }")),
        ("an order of unique texts more", changed("unique: true", "unique: true, sort: true")),
        ("the last order less", changed(", sort: true", "")),
        ("a filter less", changed(", filter: true }, day", " }, day")),
        ("a value more, and an order", changed("[a, b]", "[a, b, c], sort: true")),
        ("optional", changed("filter: true, sort: true", "filter: true, optional: true")),
        ("another type", changed("type: date", "type: integer, default: 1")),
        ("a field less", changed(", by: { type: uuid, references: order, optional: true }", "")),
        ("a reference less", changed("references: order, ", "")),
        ("a reference to another service", changed("references: order", "references: shop/order")),
        (
            "fields more",
            order(&format!(
                "{base}, a: {{ type: integer, default: 1, filter: true }}, \
                 b: {{ type: uuid, references: order, optional: true, unique: true }}, \
                 c: {{ type: string, default: x, sort: true }}"
            )),
        ),
        (
            "a reference that is needed",
            order(&format!("{base}, a: {{ type: uuid, references: book }}"))
                + "\n  book: { fields: { title: { type: string } } }",
        ),
    ];
    let mut all = String::new();
    for (name, new) in cases {
        let (careful, allowed) = (told(&order(base), &new, false), told(&order(base), &new, true));
        let _ = write!(all, "# {name}\n{careful}");
        if allowed != careful {
            let _ = write!(all, "with --allow-data-loss:\n{allowed}");
        }
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn tables_come_behind_and_go_before_those_that_they_refer_to() {
    let one = order("book: { type: uuid, references: book, optional: true }");
    let book = "\n  book: { fields: { shelf: { type: uuid, references: shelf } } }\n  shelf: { fields: { title: { type: string } } }";
    let plain = order("title: { type: string, optional: true }");
    let both = order("title: { type: string, optional: true }, book: { type: uuid, references: book, optional: true }");
    let made = told(&plain, &(both + book), false);
    let gone = told(&(one.clone() + book), &order("other: { type: string, optional: true }"), true);
    insta::assert_snapshot!(format!("# made\n{made}\n# gone\n{gone}"));
}
