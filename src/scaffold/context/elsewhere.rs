//! What templates need of the references to entities of other services: these are asked whether there is such a record.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Value, json};

use super::entity::Scope;
use super::{names, references};
use crate::project::entity::{Entity, Field, FieldType};
use crate::scaffold::contract::Protocol;

/// A chain of calls that is longer is written one below the other.
const CHAIN_WIDTH: usize = 60;

/// `fields` are the contexts of the entity's fields.
pub(super) fn context(entity: &Entity, fields: &[Value], scope: &Scope) -> Vec<Value> {
    let Some(peers) = scope.peers else { return Vec::new() };
    let declared = entity.fields.iter().zip(fields);
    let checks = declared.filter_map(|((name, field), context)| {
        let (service, other) = field.target_elsewhere()?;
        let (client, protocol) = peers.client(service)?;
        let is_integer = field.kind == FieldType::Integer;
        let method = operation(protocol, other);
        let by_grpc = protocol == Protocol::Grpc;
        let value = match (by_grpc, field.optional) {
            (true, _) => "&wanted",
            (false, true) => "id",
            (false, false) => context["bind"].as_str()?,
        };
        let call = format!("other.{method}({value}).await");
        Some(json!({
            "name": name.as_str(),
            "optional": field.optional,
            "bind": context["bind"],
            "service": service,
            "an": names::with_article(&names::title(other)),
            "client": client,
            "method": method,
            "value": value,
            "is_near": format!("clients.{client}.on_behalf_of(caller)").len() <= CHAIN_WIDTH,
            "fits": call.len() <= CHAIN_WIDTH,
            "grpc": by_grpc,
            "proto": by_grpc.then(|| format!("{client}_client::proto::{}::v1", service.to_snake_case())),
            "request": format!("{}Request", method.to_pascal_case()),
            "integer": is_integer,
            "missing": if is_integer { references::MISSING_NUMBER } else { references::MISSING },
        }))
    });
    checks.collect()
}

/// What code that checks imports of clients: the messages of each service by gRPC, once.
pub(super) fn imports(checks: &[Value]) -> Vec<String> {
    let import = |check: &Value| Some(format!("use {} as {};", check["proto"].as_str()?, check["client"].as_str()?));
    checks.iter().filter_map(import).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The operation by which a service gives a record, as its client calls it.
#[must_use]
pub fn operation(protocol: Protocol, entity: &str) -> String {
    match protocol {
        Protocol::Http => format!("read_{}", entity.to_snake_case()),
        Protocol::Grpc => format!("get_{}", names::type_name(entity).to_pascal_case().to_snake_case()),
    }
}

/// Why a reference can't be checked.
pub(super) fn obstacle(field: &Field, scope: &Scope) -> Option<String> {
    let (service, _) = field.target_elsewhere()?;
    scope.peers?.client(service).is_none().then(|| {
        format!("`{service}` has no contract, so there is nobody to ask for what it refers to; leave `references` out")
    })
}
