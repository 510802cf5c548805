//! What the `.proto` files of a service say, as far as its client needs it.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use prost_types::method_options::IdempotencyLevel;
use prost_types::source_code_info::Location;
use prost_types::{DescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto};

use crate::error::{Context, Result};
use crate::scaffold::client::operation::TAKEN;
use crate::scaffold::client::types::identifier;

/// All files of a service together.
pub(super) struct Contract {
    pub(super) methods: Vec<Method>,
    /// Methods that are not in the client, with why.
    pub(super) omitted: Vec<String>,
    /// Whether messages hold some of protobuf's own.
    pub(super) uses_well_known: bool,
}

/// A method that takes one message and answers with one.
#[derive(Debug)]
pub(super) struct Method {
    /// Its name in Rust.
    pub(super) name: String,
    pub(super) doc: Vec<String>,
    /// `/<package>.<Service>/<Method>`
    pub(super) path: String,
    pub(super) input: String,
    pub(super) output: String,
    /// Whether it may be called twice where once is meant.
    pub(super) is_repeatable: bool,
}

/// The numbers of fields in a file's description that lead to a method.
const SERVICE: i32 = 6;
const METHOD: i32 = 2;

impl Contract {
    pub(super) fn read(protos: &BTreeMap<String, String>) -> Result<Self> {
        let parse = |(path, text): (&String, &String)| {
            protox_parse::parse(path, text).invalid(|| format!("proto/{path} can't be read"))
        };
        let files = protos.iter().map(parse).collect::<Result<Vec<_>>>()?;
        let mut messages = Messages::default();
        for file in &files {
            messages.add(file.package(), &[], &file.message_type);
        }
        let mut contract = Self {
            methods: Vec::new(),
            omitted: Vec::new(),
            uses_well_known: files
                .iter()
                .flat_map(|file| &file.dependency)
                .any(|path| path.starts_with("google/protobuf/") && !path.ends_with("/empty.proto")),
        };
        for file in &files {
            for (at, service) in (0..).zip(&file.service) {
                for (nth, method) in (0..).zip(&service.method) {
                    let comment = comment(file, &[SERVICE, at, METHOD, nth]);
                    contract.add(&messages, file.package(), service, method, comment);
                }
            }
        }
        Ok(contract)
    }

    fn add(
        &mut self,
        messages: &Messages,
        package: &str,
        service: &ServiceDescriptorProto,
        method: &MethodDescriptorProto,
        comment: Vec<String>,
    ) {
        let full = joined(package, service.name());
        let path = format!("/{full}/{}", method.name());
        let scope = joined(&full, method.name());
        let types = [method.input_type(), method.output_type()].map(|name| messages.rust(&scope, name));
        let (input, output) = match types {
            _ if method.client_streaming() || method.server_streaming() => {
                return self.omitted.push(format!("`{path}` (a stream)"));
            }
            [Some(input), Some(output)] => (input, output),
            _ => return self.omitted.push(format!("`{path}` (a message of another service)")),
        };
        let mut name = identifier(method.name());
        if TAKEN.contains(&name.as_str()) || self.methods.iter().any(|known| known.name == name) {
            name = format!("{}_{name}", service.name().to_snake_case());
        }
        let doc = if comment.is_empty() { vec![format!("Calls `{path}`.")] } else { comment };
        self.methods.push(Method { name, doc, path, input, output, is_repeatable: is_repeatable(method) });
    }
}

/// Whether the file says so: `option idempotency_level = NO_SIDE_EFFECTS;`
fn is_repeatable(method: &MethodDescriptorProto) -> bool {
    let Some(options) = &method.options else { return false };
    let levels = [IdempotencyLevel::NoSideEffects, IdempotencyLevel::Idempotent];
    // What is parsed alone keeps its options as they are written.
    let told = options.uninterpreted_option.iter().any(|option| {
        let name: Vec<&str> = option.name.iter().map(|part| part.name_part.as_str()).collect();
        name == ["idempotency_level"] && levels.iter().any(|level| option.identifier_value() == level.as_str_name())
    });
    told || levels.contains(&options.idempotency_level())
}

/// What is written before something, in lines.
fn comment(file: &FileDescriptorProto, path: &[i32]) -> Vec<String> {
    let all = file.source_code_info.iter().flat_map(|info| &info.location);
    let text = all
        .filter(|location| location.path == path)
        .find_map(|location: &Location| Some(location.leading_comments.as_deref()?.trim().to_owned()));
    text.unwrap_or_default().lines().map(|line| line.trim().to_owned()).collect()
}

fn joined(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}

/// All messages, by their full names: package, and the messages that each is in, with its own name.
#[derive(Default)]
struct Messages(BTreeMap<String, (String, Vec<String>)>);

impl Messages {
    fn add(&mut self, package: &str, within: &[String], messages: &[DescriptorProto]) {
        for message in messages {
            let names = [within, &[message.name().to_owned()]].concat();
            self.0.insert(joined(package, &names.join(".")), (package.to_owned(), names.clone()));
            self.add(package, &names, &message.nested_type);
        }
    }

    /// The type in Rust of what is called so within `scope`; `None` for what is not known.
    fn rust(&self, scope: &str, name: &str) -> Option<String> {
        let full = name.strip_prefix('.').map(str::to_owned).or_else(|| self.resolved(scope, name))?;
        if let Some(well_known) = full.strip_prefix("google.protobuf.") {
            return Some(match well_known {
                "Empty" => "()".to_owned(),
                "StringValue" => "String".to_owned(),
                "BytesValue" => "Vec<u8>".to_owned(),
                "BoolValue" => "bool".to_owned(),
                "DoubleValue" => "f64".to_owned(),
                "FloatValue" => "f32".to_owned(),
                "Int32Value" => "i32".to_owned(),
                "Int64Value" => "i64".to_owned(),
                "UInt32Value" => "u32".to_owned(),
                "UInt64Value" => "u64".to_owned(),
                other => format!("prost_types::{other}"),
            });
        }
        let (package, names) = self.0.get(&full)?;
        let (name, within) = names.split_last()?;
        let modules = package.split('.').filter(|part| !part.is_empty()).chain(within.iter().map(String::as_str));
        let parts: Vec<String> = modules.map(identifier).chain([name.to_pascal_case()]).collect();
        Some(format!("proto::{}", parts.join("::")))
    }

    /// The full name of what is called so within `scope`, from the innermost scope outwards.
    fn resolved(&self, scope: &str, name: &str) -> Option<String> {
        let ends = scope.match_indices('.').map(|(at, _)| at).chain([scope.len()]);
        let inwards: Vec<usize> = std::iter::once(0).chain(ends).collect();
        let mut candidates = inwards.iter().rev().map(|end| joined(&scope[..*end], name));
        candidates.find(|full| self.0.contains_key(full) || full.starts_with("google.protobuf."))
    }
}
