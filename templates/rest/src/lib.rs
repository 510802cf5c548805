{% if options.store == "sql" -%}
//! The service: what it stores and the API that it offers. What all services have in common is in
//! the crate `chassis`.
{% else -%}
//! The service: the API that it offers. What all services have in common is in the crate `chassis`.
{% endif %}
{% if options.cache != "none" or clients -%}
use axum::Extension;
{% endif -%}
{% if options.store == "sql" and options.auth != "jwt" -%}
use chassis::Database;
{% endif -%}
{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
{% if options.store == "sql" -%}
use chassis::database::Migrations;
{% endif -%}
{% if options.inbox -%}
use chassis::inbox;
{% endif -%}
{% if options.auth == "jwt" -%}
use chassis::{Auth, Database};
{% endif -%}
use utoipa_axum::router::OpenApiRouter;

{% if clients -%}
use crate::clients::Clients;
{% endif -%}
{% if options.inbox -%}
use crate::handler::Events;
{% endif -%}
{% if clients or options.inbox %}
{% endif -%}
{% if options.auth == "jwt" -%}
pub mod auth;
{% if not clients and source_modules | length > 0 %}
{% endif -%}
{% endif -%}
{% if clients -%}
pub mod clients;

{% endif -%}
{% if options.store == "none" -%}
pub mod greeting;
{% endif -%}
{% for module in source_modules -%}
pub mod {= module =};
{% endfor %}
/// All routes, together with the OpenAPI document that describes them.
#[must_use]
pub fn api({% if options.auth == "jwt" %}auth: &Auth{% endif %}{% if options.auth == "jwt" and options.cache != "none" %}, {% endif %}{% if options.cache != "none" %}cache: &{= options.cache | pascal =}{% endif %}{% if clients %}{% if options.auth == "jwt" or options.cache != "none" %}, {% endif %}clients: &Clients{% endif %}) -> OpenApiRouter{% if options.store == "sql" %}<Database>{% endif %} {
    let name = env!("CARGO_PKG_NAME");
    let version = env!("CARGO_PKG_VERSION");
    let description = env!("CARGO_PKG_DESCRIPTION");
    let document = chassis::docs::document(name, version, description);
{%- if options.store == "none" and clients %}
    let api = OpenApiRouter::with_openapi(document).merge(greeting::routes());
    api.layer(Extension(clients.clone()))
}
{%- elif options.store == "none" %}
    OpenApiRouter::with_openapi(document).merge(greeting::routes())
}
{%- else %}
    {% if entities | length > 0 or options.cache != "none" or options.auth == "jwt" or clients %}let mut api{% else %}let api{% endif %} = OpenApiRouter::with_openapi(document);
{%- if entities | length == 0 and options.auth == "jwt" %}
    api = api.merge(auth::account());
{%- endif %}
{%- for entity in entities %}
    api = api.merge({= entity.module =}::routes());
{%- endfor %}
{%- if options.cache != "none" %}
    api = api.layer(Extension(cache.clone()));
{%- endif %}
{%- if clients %}
    api = api.layer(Extension(clients.clone()));
{%- endif %}
{%- if options.auth == "jwt" %}
    // All routes up to here need a token; those that are added below do not.
{%- if options.inbox %}
    auth.protect(api)
        .merge(auth::routes(auth))
        .merge(inbox::routes::<Events>())
{%- else %}
    auth.protect(api).merge(auth::routes(auth))
{%- endif %}
{%- elif options.inbox %}
    api.merge(inbox::routes::<Events>())
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
{%- endif %}
