//! Entities: what a service stores and serves. From one declaration come model, migration, repository,
//! routes, validation, OpenAPI and tests.

use std::str::FromStr;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::checked::{Check, Checked};
use super::name::FieldName;

/// One kind of thing that a service stores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Where it is served; default: `/` and the plural of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^(/[a-z0-9_-]+)+/?$"))]
    pub path: Option<HttpPath>,
    /// Type of the key: `uuid` (version 7, the default) or `integer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<IdType>,
    /// The fields, in the order in which they are stored and shown.
    pub fields: IndexMap<FieldName, Checked<Field>>,
}

/// A path prefix such as `/orders` or `/api/orders/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct HttpPath(String);

impl HttpPath {
    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for HttpPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let segment = |s: &str| !s.is_empty() && s.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'));
        let inner = path.strip_prefix('/').map(|p| p.strip_suffix('/').unwrap_or(p));
        match inner {
            Some(inner) if inner.split('/').all(segment) => Ok(Self(path)),
            _ => Err(format!("{path:?} is not a path such as `/orders` or `/api/orders/`")),
        }
    }
}

/// Type of an entity's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IdType {
    /// UUID version 7: sortable by time of creation.
    Uuid,
    /// Numbered by the database.
    Integer,
}

/// Type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Text of one line, at most 255 characters unless `length` says otherwise.
    String,
    /// Text of any length.
    Text,
    /// 64-bit signed integer.
    Integer,
    /// Exact decimal number, see `digits` and `scale`.
    Decimal,
    /// true or false.
    Boolean,
    /// UUID.
    Uuid,
    /// Day without a time, `2026-01-31`.
    Date,
    /// Point in time, RFC 3339.
    Datetime,
    /// One of `values`.
    Enum,
    /// Any JSON value.
    Json,
}

impl FieldType {
    /// All types, in the order of the documentation.
    pub const ALL: [(&'static str, Self); 10] = [
        ("string", Self::String),
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("decimal", Self::Decimal),
        ("boolean", Self::Boolean),
        ("uuid", Self::Uuid),
        ("date", Self::Date),
        ("datetime", Self::Datetime),
        ("enum", Self::Enum),
        ("json", Self::Json),
    ];

    /// The type's name in msvc.yaml.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, t)| *t == self).map_or("", |(name, _)| name)
    }
}

/// Well-known forms of text that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// E-mail address.
    Email,
    /// Absolute URI.
    Uri,
}

/// A range of lengths in characters, written `1..120`, `..120` or `1..`; both ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Length {
    /// Shortest allowed, in characters.
    pub min: Option<u32>,
    /// Longest allowed, in characters.
    pub max: Option<u32>,
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a length such as `1..120`, `..120` or `1..`");
        let (min, max) = text.split_once("..").ok_or_else(wrong)?;
        let end = |s: &str| if s.is_empty() { Ok(None) } else { s.parse().map(Some).map_err(|_| wrong()) };
        let length = Self { min: end(min)?, max: end(max)? };
        match (length.min, length.max) {
            (None, None) => Err(wrong()),
            (Some(min), Some(max)) if min > max => Err(format!("length {text:?}: {min} is more than {max}")),
            _ => Ok(length),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        let end = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        format!("{}..{}", end(length.min), end(length.max))
    }
}

/// A field as declared; checked as a whole when read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a modifier of its own in msvc.yaml")]
pub struct Field {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Digits in all of a decimal, 1 to 18; default 18.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u8>,
    /// Digits after the point of a decimal; default 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u8>,
    /// The values of an enum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<FieldName>,
    /// `entity` of this service, which makes it a foreign key, or `service/entity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<String>,
    /// May be absent or null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// No two entities have the same value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    /// Taken when a request leaves the field out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Smallest value allowed (integer, decimal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<serde_json::Number>,
    /// Largest value allowed (integer, decimal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<serde_json::Number>,
    /// Allowed lengths in characters (string, text).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// Regular expression that the whole value matches (string, text).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Well-known form (string).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The list can be filtered by it: `?status=placed`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub filter: bool,
    /// The list can be sorted by it, and then by `created_at`, too: `?sort=status`, `?sort=-created_at`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sort: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Field {
    /// A field of this type without any modifier.
    #[must_use]
    pub fn new(kind: FieldType) -> Self {
        Self {
            kind,
            optional: false,
            unique: false,
            default: None,
            minimum: None,
            maximum: None,
            length: None,
            pattern: None,
            format: None,
            digits: None,
            scale: None,
            values: Vec::new(),
            references: None,
            filter: false,
            sort: false,
        }
    }

    /// Digits in all and after the point of a decimal.
    #[must_use]
    pub fn precision(&self) -> (u8, u8) {
        (self.digits.unwrap_or(18), self.scale.unwrap_or(2))
    }

    /// The modifiers that are set but mean nothing for this type.
    fn misplaced(&self) -> Option<&'static str> {
        use FieldType as T;
        let text = matches!(self.kind, T::String | T::Text);
        let number = matches!(self.kind, T::Integer | T::Decimal);
        let comparable = !matches!(self.kind, T::Json | T::Text);
        [
            ("minimum", self.minimum.is_some() && !number),
            ("maximum", self.maximum.is_some() && !number),
            ("length", self.length.is_some() && !text),
            ("pattern", self.pattern.is_some() && !text),
            ("format", self.format.is_some() && !text),
            ("digits", self.digits.is_some() && self.kind != T::Decimal),
            ("scale", self.scale.is_some() && self.kind != T::Decimal),
            ("values", !self.values.is_empty() && self.kind != T::Enum),
            ("unique", self.unique && !comparable),
            ("filter", self.filter && !comparable),
            ("sort", self.sort && !comparable),
        ]
        .into_iter()
        .find_map(|(name, wrong)| wrong.then_some(name))
    }

    fn check_default(&self, default: &Value) -> Result<(), String> {
        use FieldType as T;
        let fits = match self.kind {
            T::Integer => default.is_i64(),
            T::Decimal => default.is_number() || default.as_str().is_some_and(|s| s.parse::<f64>().is_ok()),
            T::Boolean => default.is_boolean(),
            T::Enum => default.as_str().is_some_and(|s| self.values.iter().any(|v| v.as_str() == s)),
            T::Json => true,
            _ => default.is_string(),
        };
        if fits { Ok(()) } else { Err(format!("default {default} is not a value of type {}", self.kind.name())) }
    }
}

impl Check for Field {
    fn check(&self) -> Result<(), String> {
        if let Some(modifier) = self.misplaced() {
            return Err(format!("`{modifier}` has no meaning for a field of type {}", self.kind.name()));
        }
        if self.kind == FieldType::Enum && self.values.is_empty() {
            return Err("an enum needs `values`".to_owned());
        }
        if let Some(twice) = self.values.iter().enumerate().find_map(|(i, v)| self.values[..i].contains(v).then_some(v))
        {
            return Err(format!("the value `{twice}` is listed twice"));
        }
        let (digits, scale) = self.precision();
        if !(1..=18).contains(&digits) || scale > digits {
            return Err(format!(
                "a decimal has 1 to 18 digits, and not more after the point: {digits},{scale} is impossible"
            ));
        }
        if let (Some(min), Some(max)) = (&self.minimum, &self.maximum)
            && min.as_f64() > max.as_f64()
        {
            return Err(format!("minimum {min} is more than maximum {max}"));
        }
        if let Some(pattern) = &self.pattern {
            regex::Regex::new(pattern).map_err(|e| {
                // The last line is the reason; those above draw the pattern.
                let drawn = e.to_string();
                let reason = drawn.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("pattern {pattern:?} is not a regular expression: {reason}")
            })?;
        }
        self.default.as_ref().map_or(Ok(()), |d| self.check_default(d))
    }
}

impl Check for Entity {
    fn check(&self) -> Result<(), String> {
        if self.fields.is_empty() { Err("an entity needs at least one field".to_owned()) } else { Ok(()) }
    }
}
