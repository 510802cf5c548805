//! The API as it is served: the service's routes and, around them, what happens to every request.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::docs;
use crate::observe::observe;
use crate::problem::{self, Problem};
use crate::settings::Settings;

/// What a single request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time until it is given up with 503, which counts the time in which its body arrives.
    pub request: Duration,
    /// Bytes of its body; more are refused with 413.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(10),
            body: 1024 * 1024,
        }
    }
}

impl Limits {
    /// Reads those that were set.
    pub fn read(settings: &mut Settings) -> Self {
        let default = Self::default();
        Self {
            request: settings.seconds("REQUEST_TIMEOUT", default.request),
            body: settings.get("BODY_LIMIT", default.body),
        }
    }
}

/// Puts the service together; the result needs only a socket, or a test. `state` is what handlers
/// share.
pub fn build<S>(api: OpenApiRouter<S>, state: S, limits: Limits) -> Router
where
    S: Clone + Send + Sync + 'static,
{
    let (routes, document) = api.with_state(state).split_for_parts();
    around(routes.merge(docs::routes(document)), limits)
}

/// Puts around routes what happens to every request.
pub fn around(routes: Router, limits: Limits) -> Router {
    // A request passes these layers from top to bottom, its response from bottom to top.
    let layers = ServiceBuilder::new()
        .layer(from_fn(observe))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            NOSNIFF,
        ))
        .map_response(problem::complete)
        .layer(CatchPanicLayer::custom(internal_error))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            limits.request,
        ))
        .map_response(|response: Response<_>| response.map(Body::new))
        // Unlike axum's own limit it goes by `content-length` first: a client that asks before it
        // sends is refused in time, instead of while it sends, when it might not be listening.
        .layer(RequestBodyLimitLayer::new(limits.body))
        .layer(DefaultBodyLimit::disable());
    routes.fallback(unknown_route).layer(layers)
}

/// Browsers shall not guess at content types.
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

async fn unknown_route() -> Problem {
    Problem::not_found()
}

/// A panic ends its request and nothing else; the panic hook has logged it by now.
fn internal_error(_panic: Box<dyn Any + Send>) -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
