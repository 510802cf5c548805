//! The service as its clients see it. One binary for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

{% if options.auth == "jwt" -%}
mod auth;
{% endif -%}
mod every_route;
{% if options.inbox -%}
mod handler;
mod inbox;
{% endif -%}
{% if options.store == "none" -%}
mod greeting;
{% elif modules | length > 0 %}
{% for module in modules -%}
mod {= module =};
{% endfor -%}
{% endif -%}
