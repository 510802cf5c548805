//! The gateway between real clients and real services, all in the test's own process. One binary
//! for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod attacks;
mod bad_times;
mod blame;
mod documents;
{% if options.grpc -%}
mod grpc;
{% endif -%}
mod limits;
mod passing;
{% if options.auth == "jwt" -%}
mod tokens;
{% endif -%}
