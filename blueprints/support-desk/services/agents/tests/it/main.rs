//! The service as its clients see it. One binary for all tests: it links once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod every_route;
mod handler;
mod inbox;

mod ticket;
