//! What browsers are told: which pages may call the gateway, and what answers may be used for.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use chassis::trace::REQUEST_ID;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, Any, CorsLayer};

use crate::origin::Origin;
use crate::settings::Origins;
use crate::stale::DEGRADED;

/// How long a browser remembers what it may do.
const PREFLIGHT_AGE: Duration = Duration::from_mins(10);

/// Headers of answers that pages may read, beside the few that they always may.
const EXPOSED: [HeaderName; 6] = [
    header::ETAG,
    header::LINK,
    header::LOCATION,
    header::RETRY_AFTER,
    DEGRADED,
    REQUEST_ID,
];

/// Lets pages of these origins call the gateway; of none unless some are named. Credentials that a
/// browser adds by itself, such as cookies, are for named origins only.
pub fn cors(routes: Router, origins: &Origins) -> Router {
    if origins.0.is_empty() {
        return routes;
    }
    let layer = CorsLayer::new()
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(PREFLIGHT_AGE);
    routes.layer(if origins.0.iter().any(|origin| origin == "*") {
        layer.allow_origin(Any)
    } else {
        let named = AllowOrigin::list(origins.0.iter().cloned());
        layer.allow_origin(named).allow_credentials(true)
    })
}

/// Adds to every answer what keeps browsers from doing harm with it, unless it says something else.
pub fn secure(routes: Router) -> Router {
    routes.layer(from_fn(add))
}

async fn add(request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Origin>();
    let is_https = origin.is_some_and(|origin| origin.is_https);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SECURE {
        headers.entry(name).or_insert(value);
    }
    // Only a proxy before the gateway can have TLS; who came by it shall always do so.
    if is_https {
        let name = header::STRICT_TRANSPORT_SECURITY;
        headers.entry(name).or_insert(HSTS);
    }
    response
}

const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Answers are no pages: nothing in them is run, nobody frames them, and where a link in them leads
/// does not learn of them.
const SECURE: [(HeaderName, HeaderValue); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];
