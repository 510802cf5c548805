{% if entity.checks -%}
//! What {= entity.titles =} refer to in other services.

use chassis::client::Caller;
{% if options.api == "grpc" -%}
use chassis::rpc::exists;
use chassis::status::{self, Violation};
use tonic::Status;
{% else -%}
use chassis::{Problem, Result, exists};
{% endif %}
{%- for import in entity.check_imports %}
{= import =}
{%- if loop.last %}
{% endif %}
{%- endfor %}
use super::model::{= entity.pascal =}Input;
use crate::clients::Clients;

/// Refuses {= entity.an =} that refers to what other services do not have.
pub async fn check(clients: &Clients, caller: &Caller, input: &{= entity.pascal =}Input) -> {% if options.api == "grpc" %}Result<(), Status>{% else %}Result<()>{% endif %} {
    let mut missing = Vec::new();
{%- for check in entity.checks %}
{%- if check.optional %}
    if let Some(id) = {= check.bind =} {
{%- if check.is_near %}
        let other = clients.{= check.client =}.on_behalf_of(caller);
{%- else %}
        let other = clients
            .{= check.client =}
            .on_behalf_of(caller);
{%- endif %}
{%- if check.grpc %}
{%- if not check.integer %}
        let id = id.to_string();
{%- endif %}
        let wanted = {= check.client =}::{= check.request =} { id };
{%- endif %}
{%- if check.fits %}
        let found = other.{= check.method =}({= check.value =}).await;
{%- else %}
        let found = other
            .{= check.method =}({= check.value =})
            .await;
{%- endif %}
        if !exists(found)? {
{%- if options.api == "grpc" %}
            missing.push("{= check.name =}");
{%- else %}
            missing.push("{= check.name =}".to_owned());
{%- endif %}
        }
    }
{%- else %}
{%- if check.is_near %}
    let other = clients.{= check.client =}.on_behalf_of(caller);
{%- else %}
    let other = clients
        .{= check.client =}
        .on_behalf_of(caller);
{%- endif %}
{%- if check.grpc %}
    let id = {= check.bind =}{% if not check.integer %}.to_string(){% endif %};
    let wanted = {= check.client =}::{= check.request =} { id };
{%- endif %}
{%- if check.fits %}
    let found = other.{= check.method =}({= check.value =}).await;
{%- else %}
    let found = other
        .{= check.method =}({= check.value =})
        .await;
{%- endif %}
    if !exists(found)? {
{%- if options.api == "grpc" %}
        missing.push("{= check.name =}");
{%- else %}
        missing.push("{= check.name =}".to_owned());
{%- endif %}
    }
{%- endif %}
{%- endfor %}
    if missing.is_empty() {
        return Ok(());
    }
{%- if options.api == "grpc" %}
    let missing = missing.into_iter().map(|field| {
        let path = format!("{= entity.proto.field =}.{field}");
        Violation::new(path, "does not exist")
    });
    Err(status::invalid(missing.collect()))
{%- else %}
    Err(Problem::dangling(missing))
{%- endif %}
}
{%- endif %}
