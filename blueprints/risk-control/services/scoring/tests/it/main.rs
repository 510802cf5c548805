//! The service as those see it who send payments and events. One binary for all tests: it links
//! once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

mod every_route;
mod handler;
mod inbox;

mod assess;
mod auc;
mod bench;
mod models;
mod numbers;
mod rules;
