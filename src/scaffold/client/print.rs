//! The crate's files, in the layout of rustfmt.

use std::fmt::Write;

use super::operation::Operation;
use super::types::{Definition, Field, Foreign, Types, identifier, optional, variant};
use crate::scaffold::layout::WIDTH;

/// A chain of calls that is longer is written one below the other.
const CHAIN_WIDTH: usize = 60;

/// Arguments that are longer are written one below the other.
pub(super) const ARGUMENTS_WIDTH: usize = 60;

/// What the words of a document may break.
pub(super) const LINTS: &str = r#"#![allow(
    clippy::doc_markdown,
    clippy::enum_variant_names,
    clippy::struct_excessive_bools,
    clippy::struct_field_names,
    clippy::too_many_arguments,
    reason = "names and words are those of the document"
)]

"#;

pub(super) fn manifest(service: &str, types: &Types<'_>) -> String {
    let uses = |foreign| types.uses.contains(&foreign);
    let mut dependencies = vec![r#"anyhow = "1""#, r#"chassis = { path = "../chassis" }"#];
    for (crate_name, is_used) in [
        ("chrono = { workspace = true }", uses(Foreign::Date)),
        ("serde = { workspace = true }", !types.is_empty()),
        ("serde_json = { workspace = true }", uses(Foreign::Value)),
        ("uuid = { workspace = true }", uses(Foreign::Uuid)),
    ] {
        dependencies.extend(is_used.then_some(crate_name));
    }
    package(service, &dependencies, &[])
}

/// The crate's Cargo.toml.
pub(super) fn package(service: &str, dependencies: &[&str], build: &[&str]) -> String {
    let build =
        if build.is_empty() { String::new() } else { format!("[build-dependencies]\n{}\n\n", build.join("\n")) };
    format!(
        r#"[package]
name = "{service}-client"
version = "0.1.0"
edition = "2024"
rust-version = "1.95"
description = "Calls of the service {service}"
publish = false

[dependencies]
{}

{build}[lints]
workspace = true
"#,
        dependencies.join("\n")
    )
}

pub(super) fn library(service: &str, operations: &[Operation], omitted: &[String], types: &Types<'_>) -> String {
    let mut text = format!(
        "//! Calls of the service `{service}`, as its openapi.json describes them. msvc writes this crate anew\n"
    );
    text += "//! whenever that changes.\n";
    if !omitted.is_empty() {
        let _ = writeln!(text, "//!\n//! Not here, since it is no JSON:\n//! {}.", omitted.join(",\n//! "));
    }
    text += LINTS;
    text += "use chassis::client::{self, Address, Caller, Method, Settings};\n";
    text += &imports(types, "", |foreign| operations.iter().any(|operation| operation.names(foreign)));
    if !types.is_empty() {
        text += "\npub mod types;\n";
    }
    text += &client(service, "new");
    for operation in operations {
        text += &method(operation);
    }
    text + "}\n"
}

/// What each client begins with; `new` makes the chassis' client.
pub(super) fn client(service: &str, new: &str) -> String {
    format!(
        r"
/// Its name in logs and metrics.
const SERVICE: &str = {service:?};

/// The service `{service}`, as others call it; cheap to clone.
#[derive(Clone)]
pub struct Client(client::Client);

impl Client {{
    /// # Errors
    /// The settings allow no call.
    pub fn new(address: &Address, settings: &Settings) -> anyhow::Result<Self> {{
        client::Client::{new}(SERVICE, address, settings).map(Self)
    }}

    /// The same for calls that answer a request: they go on with its trace and its token, and take
    /// no longer than its client waits.
    #[must_use]
    pub fn on_behalf_of(&self, caller: &Caller) -> Self {{
        Self(self.0.on_behalf_of(caller))
    }}

    /// The same for calls that need a token of their own.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {{
        Self(self.0.with_token(token))
    }}
"
    )
}

pub(super) fn method(operation: &Operation) -> String {
    let mut text = "\n".to_owned();
    for line in &operation.doc {
        let _ = writeln!(text, "{}", format!("    /// {line}").trim_end());
    }
    let arguments: Vec<String> = operation.arguments.iter().map(|(name, rust)| format!("{name}: {rust}")).collect();
    let arguments = [vec!["&self".to_owned()], arguments].concat();
    let head = format!("    pub async fn {}(", operation.name);
    let tail = format!(") -> client::Result<{}> {{", operation.returns);
    let line = format!("{head}{}{tail}", arguments.join(", "));
    if line.chars().count() <= WIDTH {
        text += &line;
    } else {
        let tail = format!("    {tail}");
        // A brace that has no room behind the type stands alone.
        let tail = if tail.chars().count() > WIDTH { tail.replace(" {", "\n    {") } else { tail };
        let _ = write!(text, "{head}\n        {},\n{tail}", arguments.join(",\n        "));
    }
    let calls = operation.chain.iter().map(|call| format!(".{call}"));
    let calls: Vec<String> = calls.chain([".await".to_owned()]).collect();
    let chain = format!("self.0{}", calls.concat());
    if chain.chars().count() <= CHAIN_WIDTH {
        let _ = write!(text, "\n        {chain}");
    } else {
        let _ = write!(text, "\n        self.0\n            {}", calls.join("\n            "));
    }
    text + "\n    }\n"
}

pub(super) fn types(service: &str, types: &Types<'_>) -> String {
    let mut text = format!("//! What `{service}` takes and gives.\n\n");
    let named = |foreign: Foreign| types.defined.values().any(|definition| definition.names(foreign));
    let is_read = |definition: &Definition| !matches!(definition, Definition::Struct { is_query: true, .. });
    let is_any_read = types.defined.values().any(is_read);
    let serde = if is_any_read { "use serde::{Deserialize, Serialize};\n" } else { "use serde::Serialize;\n" };
    text += &imports(types, serde, named);
    for (name, definition) in &types.defined {
        text.push('\n');
        match definition {
            Definition::Struct { doc, fields, is_query } => text += &structure(name, doc.as_ref(), fields, *is_query),
            Definition::Enum { doc, values } => text += &enumeration(name, doc.as_ref(), values),
            Definition::Begun => {}
        }
    }
    text
}

fn structure(name: &str, doc: Option<&String>, fields: &[Field], is_query: bool) -> String {
    let derives = match is_query {
        true if fields.iter().all(|field| field.optional) => "Debug, Clone, Default, PartialEq, Serialize",
        true => "Debug, Clone, PartialEq, Serialize",
        false => "Debug, Clone, PartialEq, Serialize, Deserialize",
    };
    let mut text = format!("{}#[derive({derives})]\npub struct {name} {{\n", comment("", doc));
    for field in fields {
        text += &comment("    ", field.doc.as_ref());
        let identifier = identifier(&field.name);
        if identifier.trim_start_matches("r#") != field.name {
            let _ = writeln!(text, "    #[serde(rename = {:?})]", field.name);
        }
        let rust = if field.optional { optional(&field.rust) } else { field.rust.clone() };
        // Parameters that are `None` are left out in any case, and nobody reads them.
        if field.optional && !is_query {
            text += "    #[serde(default, skip_serializing_if = \"Option::is_none\")]\n";
        }
        let _ = writeln!(text, "    pub {identifier}: {rust},");
    }
    text + "}\n"
}

fn enumeration(name: &str, doc: Option<&String>, values: &[String]) -> String {
    let mut text = comment("", doc);
    let _ = writeln!(text, "#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]\npub enum {name} {{");
    for value in values {
        let _ = writeln!(text, "    #[serde(rename = {value:?})]\n    {},", variant(value));
    }
    text + "}\n"
}

fn comment(indent: &str, doc: Option<&String>) -> String {
    let mut text = String::new();
    for line in doc.into_iter().flat_map(|doc| doc.lines()) {
        let _ = writeln!(text, "{}", format!("{indent}/// {line}").trim_end());
    }
    text
}

/// What is used of other crates, of the types that `named` knows.
fn imports(types: &Types<'_>, serde: &str, named: impl Fn(Foreign) -> bool) -> String {
    let used = |foreign| types.uses.contains(&foreign) && named(foreign);
    let chassis = match (used(Foreign::Decimal), used(Foreign::Timestamp)) {
        (true, true) => "use chassis::{Decimal, Timestamp};\n",
        (true, false) => "use chassis::Decimal;\n",
        (false, true) => "use chassis::Timestamp;\n",
        (false, false) => "",
    };
    let when = |foreign, text| if used(foreign) { text } else { "" };
    [
        chassis,
        when(Foreign::Date, "use chrono::NaiveDate;\n"),
        serde,
        when(Foreign::Value, "use serde_json::Value;\n"),
        when(Foreign::Uuid, "use uuid::Uuid;\n"),
    ]
    .concat()
}
