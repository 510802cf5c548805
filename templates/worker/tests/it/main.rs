//! The service as those see it who send events. One binary for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// A route that takes JSON by `POST`: what holds for every route is tried there.
const PATH: &str = "/events";

mod support;

mod every_route;
mod handler;
mod inbox;
