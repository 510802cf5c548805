//! The service: what it stores and the API that it offers. What all services have in common is in
//! the crate `chassis`.

{% if options.auth == "jwt" -%}
use std::sync::Arc;

{% endif -%}
use chassis::Database;
{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
use chassis::database::Migrations;
use chassis::rpc::{Api, Limits};
{%- if options.auth == "jwt" %}
use chassis::tokens::Tokens;
{%- endif %}

{% if clients -%}
use crate::clients::Clients;

pub mod clients;

{% endif -%}
{% for module in modules -%}
pub mod {= module =};
{% endfor %}
/// Messages and services, made from the files in `proto/` when the service is built.
pub mod proto {
    #![allow(clippy::all, clippy::pedantic, reason = "nobody reads it")]

    tonic::include_proto!("{= proto.package =}");

    /// The same files, compiled: what reflection shows.
    pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
}

/// All services of the API.
#[must_use]
pub fn api(database: &Database, {% if options.cache != "none" %}cache: &{= options.cache | pascal =}, {% endif %}limits: Limits{% if options.auth == "jwt" %}, tokens: &Arc<Tokens>{% endif %}{% if clients %}, clients: &Clients{% endif %}) -> Api {
    let mut api = Api::new(proto::DESCRIPTORS);
{%- for entity in entities %}
    api = api.with({= entity.module =}::service(database, {% if options.cache != "none" %}cache, {% endif %}limits));
{%- endfor %}
{%- if options.auth == "jwt" %}
{%- if clients %}
    api = api.share(clients);
{%- endif %}
    // All services up to here need a token; those that are added below do not.
    api.protect(tokens)
{%- elif clients %}
    api.share(clients)
{%- else %}
    api
{%- endif %}
}

/// The migrations, which are part of the binary.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations {
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}
