//! The API as it is served: the service's methods and, around them, what happens to every call.

use std::any::Any;
use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tonic::Status;
use tonic::server::NamedService;
use tonic::service::Routes;
use tower::{Service, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;

use crate::health::Readiness;
use crate::settings::Settings;

{% if needs.tokens -%}
mod auth;
{% endif -%}
{% if needs.client -%}
mod calls;
{% endif -%}
mod deadline;
mod health;
mod meters;
mod observe;
mod server;

{% if needs.client -%}
pub use calls::{exists, shared};
{% endif -%}
pub use server::http2;

/// What a call returns: a message, or the status that the client is told.
pub type Answer<T> = Result<tonic::Response<T>, Status>;

/// What a single call may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time until it is given up, which counts the time in which its message arrives. A client may
    /// ask for less.
    pub call: Duration,
    /// Bytes of its message; more are refused before they are read.
    pub message: usize,
    /// How long its connection is used. Clients keep theirs, and would never find out that there
    /// are new replicas.
    pub connection: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(10),
            message: 1024 * 1024,
            connection: Duration::from_mins(5),
        }
    }
}

impl Limits {
    /// Reads those that were set.
    pub fn read(settings: &mut Settings) -> Self {
        let default = Self::default();
        Self {
            call: settings.seconds("CALL_TIMEOUT", default.call),
            message: settings.get("MESSAGE_LIMIT", default.message),
            connection: settings.seconds("CONNECTION_AGE", default.connection),
        }
    }
}

/// What the service offers.
pub struct Api {
    routes: Routes,
    names: Vec<&'static str>,
    descriptors: &'static [u8],
}

impl Api {
    /// Nothing yet. `descriptors` are the compiled `.proto` files, which reflection shows.
    #[must_use]
    pub fn new(descriptors: &'static [u8]) -> Self {
        Self {
            routes: Routes::default(),
            // The empty name stands for the whole in gRPC's health service.
            names: vec![""],
            descriptors,
        }
    }

    /// Adds a service, as it was generated from a `.proto` file.
    #[must_use]
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: Service<http::Request<tonic::body::Body>, Error = Infallible, Response: IntoResponse>,
        S: NamedService + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.routes = self.routes.add_service(service);
        self.names.push(S::NAME);
        self
    }
}

/// Puts the service together; the result needs only a socket, or a test.
///
/// # Errors
/// The descriptors are not what the compiler of `.proto` files wrote.
pub fn build(api: Api, readiness: Readiness, limits: Limits) -> anyhow::Result<Router> {
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(api.descriptors)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()?;
    let (reporter, health) = tonic_health::server::health_reporter();
    tokio::spawn(health::report(readiness, reporter, api.names));
    // A call passes these layers from top to bottom, its answer from bottom to top.
    let layers = ServiceBuilder::new()
        .layer(from_fn(observe::observe))
        .layer(CatchPanicLayer::custom(internal_error))
        .layer(from_fn_with_state(limits.call, deadline::limit));
    let routes = api.routes.add_service(reflection).add_service(health);
    Ok(routes.into_axum_router().layer(layers))
}

/// A panic ends its call and nothing else; the panic hook has logged it by now.
fn internal_error(_panic: Box<dyn Any + Send>) -> Response {
    Status::internal("Internal error.").into_http()
}
