//! The service as its clients see it. One binary for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod every_call;
{%- if options.auth == "jwt" %}
mod who_is_let_in;
{%- endif %}

{% for module in modules -%}
mod {= module =};
{% endfor -%}
