//! One public entrance to other services: it leads requests to them by the table in [`routes`], and
//! stands between them and the outside when one side misbehaves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::middleware::from_fn_with_state;
{% if options.auth == "jwt" and options.grpc -%}
use axum::routing::{MethodRouter, any, post};
{% elif options.auth == "jwt" -%}
use axum::routing::{MethodRouter, any};
{% elif options.grpc -%}
use axum::routing::{any, post};
{% else -%}
use axum::routing::any;
{% endif -%}
use chassis::app::{self, Limits};
use chassis::docs;
{%- if options.auth == "jwt" %}
use chassis::tokens::Tokens;
{%- endif %}
{%- if options.grpc %}
use chassis::upstream::{http1, http2};
{%- else %}
use chassis::upstream::http1;
{%- endif %}

{% if options.grpc -%}
use crate::grpc::Transcoder;
{% endif -%}
use crate::limit::Limiter;
use crate::openapi::Document;
use crate::proxy::Entrance;
use crate::stale::Stale;
use crate::upstream::Upstream;

{% if options.grpc -%}
pub use contracts::Contracts;
{% endif -%}
pub use route::Route;
pub use settings::Settings;

{% if options.auth == "jwt" -%}
mod auth;
{% endif -%}
mod body;
mod browser;
{% if options.grpc -%}
mod contracts;
{% endif -%}
mod failure;
{% if options.grpc -%}
mod grpc;
{% endif -%}
mod headers;
mod limit;
mod meters;
mod openapi;
mod origin;
mod proxy;
pub mod route;
pub mod routes;
pub mod settings;
mod stale;
mod target;
mod upstream;

/// The gateway's name where messages say who they passed through.
pub(crate) const NAME: &str = env!("CARGO_PKG_NAME");

/// Puts the gateway together; the result needs only a socket.
{% if options.grpc or options.auth == "jwt" -%}
pub fn app(
    table: Vec<Route>,
{%- if options.grpc %}
    contracts: &Contracts,
{%- endif %}
{%- if options.auth == "jwt" %}
    tokens: &Arc<Tokens>,
{%- endif %}
    settings: &Settings,
    limits: Limits,
) -> anyhow::Result<Router> {
{%- else -%}
pub fn app(table: Vec<Route>, settings: &Settings, limits: Limits) -> anyhow::Result<Router> {
{%- endif %}
    route::check(&table)?;
    meters::describe();
    chassis::upstream::meters::describe();
    let upstreams = upstreams({% if options.grpc %}&table, {% endif %}settings)?;
    let stale = Stale::new(settings.stale_bytes, &table);
    let document = Document::new(&table, &upstreams{% if options.grpc %}, contracts{% endif %});
    let mut routes = Router::new();
    let mut longest = limits.request;
    for route in table {
        let upstream = upstreams
            .get(route.service)
            .with_context(|| format!("no address of the service {}", route.service))?;
        let timeout = route.timeout.unwrap_or(limits.request);
        longest = longest.max(timeout);
        let prefix = route.path.trim_end_matches('/');
{%- if options.auth == "jwt" %}
        let is_public = route.is_public;
        let guarded = |handler: MethodRouter| {
            if is_public {
                return handler;
            }
            handler.layer(from_fn_with_state(tokens.clone(), auth::require))
        };
{%- endif %}
        let (exact, below) = (format!("{prefix}/"), format!("{prefix}/{{*rest}}"));
{%- if options.grpc %}
        if route.is_grpc {
            let transcoder = Transcoder::new(route, timeout, upstream.clone(), contracts.clone());
            let handler = post(grpc::answer).with_state(Arc::new(transcoder));
{%- if options.auth == "jwt" %}
            let handler = guarded(handler);
{%- endif %}
            if !prefix.is_empty() {
                // A route may lead to one method, which is called at the route's own path.
                routes = routes.route(prefix, handler.clone());
            }
            routes = routes.route(&below, handler);
            continue;
        }
{%- endif %}
        let entrance = Arc::new(Entrance::new(
            route,
            timeout,
            upstream.clone(),
            stale.clone(),
        ));
        let handler = {% if options.auth == "jwt" %}guarded(any(proxy::answer).with_state(entrance)){% else %}any(proxy::answer).with_state(entrance){% endif %};
        if !prefix.is_empty() {
            routes = routes.route(prefix, handler.clone());
        }
        routes = routes.route(&exact, handler.clone()).route(&below, handler);
    }
    let limiter = Limiter::new(settings);
    let routes = routes
        .merge(openapi::routes(document))
        .merge(docs::page())
        .layer(from_fn_with_state(limiter, limit::limit));
    let routes = browser::secure(browser::cors(routes, &settings.cors_origins))
        .layer(from_fn_with_state(settings.trusted_proxies, origin::find));
    // Routes give up by themselves, and tell why; this is only for what they do not cover.
    let request = longest + Duration::from_secs(1);
    Ok(app::around(routes, Limits { request, ..limits }))
}

type Upstreams = BTreeMap<&'static str, Arc<Upstream>>;

/// The ways to all services.
fn upstreams({% if options.grpc %}table: &[Route], {% endif %}settings: &Settings) -> anyhow::Result<Upstreams> {
    let http = http1();
{%- if options.grpc %}
    let grpc = http2();
{%- endif %}
    let mut upstreams = Upstreams::new();
    for (name, address) in &settings.services {
{%- if options.grpc %}
        let is_grpc = |route: &&Route| route.service == *name && route.is_grpc;
        let connections = match table.iter().find(is_grpc) {
            Some(_) => &grpc,
            None => &http,
        };
        let upstream = Upstream::new(name, address, connections, settings)?;
{%- else %}
        let upstream = Upstream::new(name, address, &http, settings)?;
{%- endif %}
        upstreams.insert(*name, Arc::new(upstream));
    }
    Ok(upstreams)
}
