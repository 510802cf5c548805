//! Data for the tests of a generated service: messages that are valid, invalid, changed.

use heck::ToPascalCase;
use serde_json::{Value, json};

use super::{camel, is_message, is_optional};
use crate::project::FieldName;
use crate::project::entity::{Entity, Field, FieldType};
use crate::scaffold::context::defaults::{decimal_default, grouped, literal};
use crate::scaffold::context::field::is_required;
use crate::scaffold::context::rules::{lengths, whole};
use crate::scaffold::context::{names, references, samples};

/// A field of a message in a test.
struct Line<'a> {
    name: &'a FieldName,
    field: &'a Field,
    identifier: &'a str,
    /// The module of the message's enums.
    module: &'a str,
}

/// `entities` tells which of them have whole numbers for ids.
pub(super) fn context(entity: &Entity, context: &Value, module: &str, is_integer: &dyn Fn(&str) -> bool) -> Value {
    let contexts = context["fields"].as_array().into_iter().flatten();
    let fields: Vec<Line> = entity
        .fields
        .iter()
        .zip(contexts)
        .map(|((name, field), c)| {
            let identifier = c["identifier"].as_str().unwrap_or_default();
            Line { name, field, identifier, module }
        })
        .collect();
    let all = |value: &dyn Fn(&Line) -> Option<String>| -> Vec<String> {
        fields.iter().filter_map(|line| Some(format!("{}: {},", line.identifier, value(line)?))).collect()
    };
    let names = |chosen: &dyn Fn(&Line) -> bool| -> Vec<String> {
        fields.iter().filter(|line| chosen(line)).map(|line| line.name.to_string()).collect()
    };
    let usual = |line: &Line| line.usual(is_integer);
    let is_reference = |line: &Line| line.field.target().is_some();
    let changed = fields.iter().filter(|line| !is_reference(line)).find(|line| line.sample(0) != line.sample(1));
    let is_simple = |line: &&Line| !is_reference(line) && !is_message(line.field);
    let masked = fields.iter().filter(is_simple).find(|line| line.sample(0) != line.sample(1));
    json!({
        "parameters": parameters(&fields),
        "values": fields.iter().filter(|line| line.varies()).filter_map(Line::values).collect::<Vec<_>>(),
        "sample": all(&|line| if line.varies() { Some(line.varied()) } else { usual(line) }),
        "required": all(&|line| usual(line).filter(|_| is_required(line.field))),
        "defaults": all(&|line| line.default()),
        "missing": array(&full(module, &sorted(names(&|line| line.is_missed())))),
        "invalid": all(&|line| line.invalid()),
        "invalid_names": array(&full(module, &names(&|line| line.invalid().is_some()))),
        "changed": changed.map(|line| format!("{}: {},", line.identifier, line.sample(1))),
        "masked": masked.map(|line| {
            json!({ "name": line.name.as_str(), "line": format!("{}: {},", line.identifier, line.sample(1)) })
        }),
        "dangling": all(&|line| is_reference(line).then(|| line.dangling(is_integer))),
        "dangling_names": array(&full(module, &sorted(names(&is_reference)))),
        "elsewhere": all(&|line| line.field.target_elsewhere().is_some().then(|| line.missing())),
        "elsewhere_names": array(&full(module, &sorted(names(&|line| line.field.target_elsewhere().is_some())))),
        "filters": fields.iter().filter(|l| l.is_telling_filter()).map(Line::filter).collect::<Vec<_>>(),
        "sorts": fields.iter().filter_map(Line::sort).collect::<Vec<_>>(),
        "uses": { "json": fields.iter().any(|l| l.field.kind == FieldType::Json) },
        "moments_in_lists": fields.iter().any(|l| {
            l.field.kind == FieldType::Datetime && (l.is_telling_filter() || l.field.sort)
        }),
        "moments": fields.iter().any(|l| l.field.kind == FieldType::Datetime),
    })
}

fn parameters(fields: &[Line]) -> String {
    let n = fields.iter().any(Line::varies).then(|| "n: usize".to_owned());
    let needed = fields.iter().filter(|line| references::is_needed(line.field)).map(|line| {
        let target = camel(&names::type_name(line.field.target().unwrap_or_default()));
        format!("{}: &proto::{target}", references::variable(line.name))
    });
    n.into_iter().chain(needed).collect::<Vec<_>>().join(", ")
}

/// The paths of fields in the message that holds the record.
fn full(module: &str, names: &[String]) -> Vec<String> {
    names.iter().map(|name| literal(&format!("{module}.{name}"))).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names
}

/// An array as rustfmt writes it, in the body of a function; none for nothing.
fn array(items: &[String]) -> Option<String> {
    let line = items.join(", ");
    let fits = line.chars().count() <= 60;
    (!items.is_empty())
        .then(|| if fits { format!("[{line}]") } else { format!("[\n        {},\n    ]", items.join(",\n        ")) })
}

impl Line<'_> {
    fn varies(&self) -> bool {
        self.field.unique && self.field.target().is_none()
    }

    /// What stands in code for a sample, without what makes the message's type of it.
    fn atom(&self, seed: u32) -> String {
        self.of_literal(&samples::sample(self.name, self.field, seed))
    }

    fn of_literal(&self, text: &str) -> String {
        match self.field.kind {
            FieldType::Enum => self.constant(&samples::unquoted(text)),
            _ => text.to_owned(),
        }
    }

    fn constant(&self, value: &str) -> String {
        format!("proto::{}::{}::{}", self.module, camel(self.name.as_str()), value.to_pascal_case())
    }

    /// The message's type, made of an atom.
    fn value(&self, atom: &str) -> String {
        let value = match self.field.kind {
            FieldType::Integer | FieldType::Boolean => atom.to_owned(),
            FieldType::Datetime => format!("moment({atom})"),
            FieldType::Json => format!("to_message(json!({atom}))"),
            FieldType::Enum => format!("{atom}.into()"),
            _ => format!("{atom}.to_owned()"),
        };
        self.wrapped(value)
    }

    fn wrapped(&self, value: String) -> String {
        if is_message(self.field) || is_optional(self.field) { format!("Some({value})") } else { value }
    }

    fn sample(&self, seed: u32) -> String {
        self.value(&self.atom(seed))
    }

    /// One that depends on `n`.
    fn varied(&self) -> String {
        self.value(&format!("{}_values[n]", self.name))
    }

    fn values(&self) -> Option<String> {
        let atoms: Vec<String> = (0..4).map(|seed| self.atom(seed)).collect();
        Some(format!("let {}_values = {};", self.name, array(&atoms)?))
    }

    /// A sample that suits most tests. It refers to what a test has made, or to nothing.
    fn usual(&self, is_integer: &dyn Fn(&str) -> bool) -> Option<String> {
        let Some(target) = self.field.target() else { return Some(self.sample(0)) };
        let clone = if is_integer(target) { "" } else { ".clone()" };
        let id = format!("{}.id{clone}", references::variable(self.name));
        references::is_needed(self.field).then(|| self.wrapped(id))
    }

    /// What the field holds when a call leaves it out.
    fn default(&self) -> Option<String> {
        let Some(default) = &self.field.default else {
            return self.field.optional.then(|| "None".to_owned());
        };
        Some(match self.field.kind {
            FieldType::Decimal => self.value(&literal(&decimal_default(self.field)?)),
            FieldType::Integer => self.value(&default.as_i64().map(grouped)?),
            FieldType::Enum => self.value(&self.constant(default.as_str()?)),
            _ => self.value(&default.as_str().map_or_else(|| default.to_string(), literal)),
        })
    }

    /// Whether an empty message breaks a rule of it.
    fn is_missed(&self) -> bool {
        let bound = |n: &Option<serde_json::Number>| n.as_ref().and_then(serde_json::Number::as_i64);
        let required = is_required(self.field);
        required
            && match self.field.kind {
                FieldType::Boolean => false,
                FieldType::Integer => {
                    bound(&self.field.minimum).is_some_and(|n| n > 0)
                        || bound(&self.field.maximum).is_some_and(|n| n < 0)
                }
                FieldType::String | FieldType::Text => {
                    let pattern = self.field.pattern.as_ref().and_then(|p| regex::Regex::new(&whole(p)).ok());
                    let is_too_short = lengths(self.field).0.is_some_and(|least| least > 0);
                    is_too_short || self.field.format.is_some() || pattern.is_some_and(|pattern| !pattern.is_match(""))
                }
                _ => true,
            }
    }

    /// A value that breaks a rule of the field.
    fn invalid(&self) -> Option<String> {
        let bound = |n: &Option<serde_json::Number>| n.as_ref().and_then(serde_json::Number::as_i64);
        let own = |text: &str| format!("{}.to_owned()", literal(text));
        let value = match self.field.kind {
            FieldType::String | FieldType::Text => match lengths(self.field) {
                (Some(1..), _) => "String::new()".to_owned(),
                _ if self.field.format.is_some() => own("nothing of the kind"),
                (_, Some(most)) => format!("\"x\".repeat({})", grouped(i64::from(most) + 1)),
                _ => own("\0"),
            },
            FieldType::Integer => match (bound(&self.field.minimum), bound(&self.field.maximum)) {
                (Some(minimum), _) if minimum > i64::MIN => grouped(minimum - 1),
                (_, Some(maximum)) if maximum < i64::MAX => grouped(maximum + 1),
                _ => return None,
            },
            FieldType::Boolean => return None,
            FieldType::Decimal => own("much"),
            FieldType::Uuid => own("no such id"),
            FieldType::Date => own("soon"),
            FieldType::Datetime => {
                "prost_types::Timestamp {\n            seconds: i64::MAX,\n            nanos: 0,\n        }".to_owned()
            }
            FieldType::Json => "f64::INFINITY.into()".to_owned(),
            FieldType::Enum => "99".to_owned(),
        };
        Some(self.wrapped(value))
    }

    /// The id of what does not exist.
    fn dangling(&self, is_integer: &dyn Fn(&str) -> bool) -> String {
        let target = self.field.target().unwrap_or_default();
        let id = if is_integer(target) { "999_999".to_owned() } else { format!("{}.to_owned()", references::MISSING) };
        self.wrapped(id)
    }

    /// The id of what no other service has.
    fn missing(&self) -> String {
        let is_integer = self.field.kind == FieldType::Integer;
        let id = if is_integer { "999_999".to_owned() } else { format!("{}.to_owned()", references::MISSING) };
        self.wrapped(id)
    }

    fn is_telling_filter(&self) -> bool {
        self.field.filter && self.field.target().is_none() && self.atom(0) != self.atom(1)
    }

    /// What a filter keeps, and what it leaves out.
    fn filter(&self) -> Value {
        let atom = self.value(&self.atom(0));
        // In requests all but messages and enums tell empty from none.
        let is_bare = !is_message(self.field) && !is_optional(self.field) && self.field.kind != FieldType::Enum;
        let is_wrapped_enum = self.field.kind == FieldType::Enum && is_optional(self.field);
        let kept = match (is_bare, is_wrapped_enum) {
            (true, _) => format!("Some({atom})"),
            (_, true) => format!("{}.into()", self.atom(0)),
            _ => atom,
        };
        json!({
            "kept": format!("{}: {kept},", self.identifier),
            "other": (!self.field.unique).then(|| format!("{}: {},", self.identifier, self.sample(1))),
        })
    }

    /// Different values, smallest first.
    fn sort(&self) -> Option<Value> {
        if !self.field.sort || self.field.target().is_some() {
            return None;
        }
        let values = crate::scaffold::context::lists::in_order(self.name, self.field, false);
        let atoms: Vec<String> = values.iter().map(|value| self.of_literal(value)).collect();
        let line = format!("{}: {},", self.identifier, self.value("value"));
        let line = if line == "value: value," { "value,".to_owned() } else { line };
        (atoms.len() > 1).then(|| json!({ "name": self.name.as_str(), "values": array(&atoms), "line": line }))
    }
}
