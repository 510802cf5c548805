//! Migrations between two declarations.

use std::fmt::Write;

use super::{History, plan};
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
    let history = History { entities: service(old).entities, last: 3, allow_data_loss };
    let mut text = String::new();
    match plan(&service(new), &history) {
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
