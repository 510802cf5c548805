//! On whose behalf a service is called.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::Instant;

use crate::trace::TraceContext;

/// The milliseconds that are left for an answer. A span needs no clocks that agree.
pub const TIMEOUT: HeaderName = HeaderName::from_static("x-request-timeout-ms");

/// What a request tells about the one who sent it. Handlers take it as an argument.
#[derive(Debug, Clone)]
pub struct Caller {
    pub(super) trace: TraceContext,
    /// Until when it waits, if it said so.
    pub(super) until: Option<Instant>,
    /// The token that it came with: the services of a system take each other's.
    pub(super) authorization: Option<HeaderValue>,
}

impl Caller {
    /// Takes it from a request that has just arrived.
    #[must_use]
    pub fn of(headers: &HeaderMap, extensions: &Extensions) -> Self {
        let left = headers.get(TIMEOUT).and_then(|left| left.to_str().ok());
        let left = left.and_then(|left| left.parse().ok());
        Self::waiting(left.map(Duration::from_millis), headers, extensions)
    }

    /// The same of one who waits so long, if that is known.
    pub(crate) fn waiting(
        left: Option<Duration>,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Self {
        let trace = extensions.get::<TraceContext>().cloned();
        let mut authorization = headers.get(header::AUTHORIZATION).cloned();
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        Self {
            trace: trace.unwrap_or_else(|| TraceContext::from_headers(headers)),
            until: left.and_then(|left| Instant::now().checked_add(left)),
            authorization,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.extensions))
    }
}
