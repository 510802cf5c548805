//! Calls of other services, on behalf of those who call this one.

use std::time::Duration;

use axum::Extension;
use tonic::service::Routes;
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::{Api, deadline};
use crate::client::{self, Caller, Failure};

/// What a client is told: what the other service said in detail, it said to this one.
const AWAY: &str = "A service that this one needs did not answer.";

impl Api {
    /// Lets the methods of all services that were added have something: [`shared`] gives it to them.
    #[must_use]
    pub fn share<T: Clone + Send + Sync + 'static>(mut self, value: &T) -> Self {
        let layer = Extension(value.clone());
        let routes = self.routes.into_axum_router().route_layer(layer);
        self.routes = Routes::from(routes);
        self
    }
}

/// What the methods of the service share.
///
/// # Errors
/// `INTERNAL`: nobody has shared it.
pub fn shared<T: Clone + Send + Sync + 'static, M>(call: &Request<M>) -> Result<T, Status> {
    let value = call.extensions().get::<T>().cloned();
    value.ok_or_else(|| {
        let what = std::any::type_name::<T>();
        crate::status::internal(&format_args!("{what} is not shared"))
    })
}

impl Caller {
    /// Takes it from a call that has just arrived.
    #[must_use]
    pub fn of_call<M>(call: &Request<M>) -> Self {
        let headers = call.metadata().as_ref();
        Self::waiting(deadline::asked(headers), headers, call.extensions())
    }
}

/// Whether there is what a call asked for.
///
/// # Errors
/// `UNAVAILABLE` or `DEADLINE_EXCEEDED`: it is not known.
pub fn exists<T>(found: client::Result<T>) -> Result<bool, Status> {
    Ok(client::is_there(found)?)
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        tracing::warn!(%failure, "a call of another service failed");
        let wait = match failure {
            Failure::TimedOut | Failure::Impatient => return Self::deadline_exceeded(AWAY),
            Failure::Resting(wait) => wait,
            Failure::Unreachable | Failure::Busy => Duration::from_secs(1),
            _ => return Self::unavailable(AWAY),
        };
        let details = ErrorDetails::with_retry_info(Some(wait));
        Self::with_error_details(Code::Unavailable, AWAY, details)
    }
}
