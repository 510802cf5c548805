//! The service as its clients see it. One binary for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// A route that takes JSON by `POST`: what holds for every route is tried there.
const PATH: &str = "/articles";

mod support;

mod every_route;
mod handler;
mod inbox;

mod article;
mod quality;
mod search;
