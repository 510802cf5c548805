//! From schemas to types of Rust.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use crate::project::name::is_keyword;

/// The types that a client needs, by their names.
pub(super) struct Types<'d> {
    schemas: Option<&'d Map<String, Value>>,
    pub defined: BTreeMap<String, Definition>,
    /// What of other crates they are made of, or operations take.
    pub uses: BTreeSet<Foreign>,
}

/// What is written out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Definition {
    Struct {
        doc: Option<String>,
        fields: Vec<Field>,
        /// Whether it holds the parameters of a query: all of them may be left out, and nobody reads them.
        is_query: bool,
    },
    Enum {
        doc: Option<String>,
        values: Vec<String>,
    },
    /// Its schema is being read.
    Begun,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub doc: Option<String>,
    pub rust: String,
    /// May be left out.
    pub optional: bool,
}

/// A type of another crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Foreign {
    Date,
    Decimal,
    Timestamp,
    Uuid,
    Value,
}

impl<'d> Types<'d> {
    pub(super) fn new(document: &'d Value) -> Self {
        let schemas = document["components"]["schemas"].as_object();
        Self { schemas, defined: BTreeMap::new(), uses: BTreeSet::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.defined.is_empty()
    }

    /// The type of a schema; `name` is for what must be written out and has none of its own.
    pub(super) fn of(&mut self, schema: &Value, name: &str) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let target = self.schemas.and_then(|all| all.get(name));
            return match target {
                Some(target) => self.of(target, name),
                None => self.foreign(Foreign::Value),
            };
        }
        let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        if let Some(choices) = choices {
            let others: Vec<&Value> = choices.iter().filter(|choice| choice["type"] != "null").collect();
            return match others[..] {
                [only] if choices.len() == 2 => optional(&self.of(only, name)),
                [only] => self.of(only, name),
                _ => self.foreign(Foreign::Value),
            };
        }
        let names: Vec<&str> = match &schema["type"] {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let kinds: Vec<&str> = names.iter().copied().filter(|name| *name != "null").collect();
        let rust = self.plain(schema, &kinds, name);
        if names.contains(&"null") { optional(&rust) } else { rust }
    }

    fn plain(&mut self, schema: &Value, kinds: &[&str], name: &str) -> String {
        let format = schema["format"].as_str().unwrap_or_default();
        match (kinds, format) {
            (["string"] | ["string", "number"], "decimal") => match digits(schema) {
                Some((digits, scale)) => format!("{}<{digits}, {scale}>", self.foreign(Foreign::Decimal)),
                None => "String".to_owned(),
            },
            (["string"], "uuid") => self.foreign(Foreign::Uuid),
            (["string"], "date") => self.foreign(Foreign::Date),
            (["string"], "date-time") => self.foreign(Foreign::Timestamp),
            (["string"], _) => match strings(&schema["enum"]) {
                Some(values) => self.define_enum(schema, values, name),
                None => "String".to_owned(),
            },
            (["integer"], "int32") => "i32".to_owned(),
            (["integer"], _) => "i64".to_owned(),
            (["number"], _) => "f64".to_owned(),
            (["boolean"], _) => "bool".to_owned(),
            (["array"], _) => format!("Vec<{}>", self.of(&schema["items"], &format!("{name}Item"))),
            (["object"], _) => match schema["properties"].as_object() {
                Some(properties) => self.define_struct(schema, properties, name),
                None => self.foreign(Foreign::Value),
            },
            _ => self.foreign(Foreign::Value),
        }
    }

    fn foreign(&mut self, foreign: Foreign) -> String {
        self.uses.insert(foreign);
        foreign.rust().to_owned()
    }

    fn define_enum(&mut self, schema: &Value, values: Vec<String>, name: &str) -> String {
        // A parameter has the values of a type that has a name already, as a rule.
        let same = |(known, schema): (&String, &Value)| {
            (strings(&schema["enum"]).as_ref() == Some(&values)).then(|| known.to_pascal_case())
        };
        let named = self.schemas.and_then(|all| all.iter().find_map(same));
        let name = named.unwrap_or_else(|| name.to_pascal_case());
        let definition = Definition::Enum { doc: text(&schema["description"]), values };
        self.defined.entry(name.clone()).or_insert(definition);
        name
    }

    fn define_struct(&mut self, schema: &Value, properties: &Map<String, Value>, name: &str) -> String {
        let name = name.to_pascal_case();
        if self.defined.contains_key(&name) {
            return name;
        }
        self.defined.insert(name.clone(), Definition::Begun);
        let required = strings(&schema["required"]).unwrap_or_default();
        let field = |(field, schema): (&String, &Value)| Field {
            name: field.clone(),
            doc: text(&schema["description"]),
            rust: self.of(schema, &format!("{name}_{field}").to_pascal_case()),
            optional: !required.contains(field),
        };
        let fields = properties.iter().map(field).collect();
        let definition = Definition::Struct { doc: text(&schema["description"]), fields, is_query: false };
        self.defined.insert(name.clone(), definition);
        name
    }
}

impl Foreign {
    pub(super) fn rust(self) -> &'static str {
        match self {
            Self::Date => "NaiveDate",
            Self::Decimal => "Decimal",
            Self::Timestamp => "Timestamp",
            Self::Uuid => "Uuid",
            Self::Value => "Value",
        }
    }
}

impl Foreign {
    /// Whether a type is made of it.
    pub(super) fn is_in(self, rust: &str) -> bool {
        rust.split(|c: char| !c.is_alphanumeric()).any(|word| word == self.rust())
    }
}

impl Definition {
    /// Whether one of its fields is made of this type.
    pub(super) fn names(&self, foreign: Foreign) -> bool {
        match self {
            Self::Struct { fields, .. } => fields.iter().any(|field| foreign.is_in(&field.rust)),
            _ => false,
        }
    }
}

/// A name as Rust allows it.
pub(super) fn identifier(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if name.starts_with(|c: char| c.is_ascii_digit()) => format!("n{name}"),
        _ if is_keyword(&name) => format!("r#{name}"),
        _ => name,
    }
}

/// The name of a value among others; `-` before it turns an order round.
pub(super) fn variant(value: &str) -> String {
    match value.strip_prefix('-') {
        Some(value) => format!("{}Descending", value.to_pascal_case()),
        None if value.starts_with(|c: char| c.is_ascii_digit()) => format!("N{}", value.to_pascal_case()),
        None => value.to_pascal_case(),
    }
}

pub(super) fn optional(rust: &str) -> String {
    if rust.starts_with("Option<") { rust.to_owned() } else { format!("Option<{rust}>") }
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Digits in all and behind the point, out of `^-?[0-9]{1,8}(\.[0-9]{1,2})?$`.
fn digits(schema: &Value) -> Option<(u32, u32)> {
    let mut bounds = schema["pattern"].as_str()?.split("{1,").skip(1);
    let mut next = || bounds.next().and_then(|rest| rest.split_once('}')?.0.parse::<u32>().ok());
    let (whole, scale) = (next()?, next().unwrap_or_default());
    let digits = whole.checked_add(scale).filter(|digits| *digits <= 18)?;
    Some((digits, scale))
}
