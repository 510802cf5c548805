//! Rate, errors and duration of requests, by route.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram};

/// Requests being worked on.
pub static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(|| {
    metrics::describe_gauge!("http_requests_in_flight", "Requests being worked on.");
    metrics::gauge!("http_requests_in_flight")
});

/// What is recorded for one kind of answer.
struct Series {
    method: &'static str,
    status: StatusCode,
    total: Counter,
    duration: Histogram,
}

type Routes = RwLock<HashMap<String, Vec<Series>>>;

/// The series of each route, so that a request needs not make its labels anew; there are as many as
/// routes, methods and statuses that occur.
static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    metrics::describe_counter!("http_requests_total", "Requests answered.");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time until the answer's head was ready."
    );
    RwLock::default()
});

/// Counts one answered request. `route` is the pattern of the path, so the number of time series
/// stays bounded.
pub fn record(method: &Method, route: &str, status: StatusCode, duration: Duration) {
    let method = method_label(method);
    let is_it = |series: &&Series| series.method == method && series.status == status;
    let routes = ROUTES.read().unwrap_or_else(PoisonError::into_inner);
    let known = routes.get(route).and_then(|all| all.iter().find(is_it));
    if let Some(series) = known {
        return series.record(duration);
    }
    drop(routes);
    let series = Series::new(method, route, status);
    series.record(duration);
    let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
    let all = routes.entry(route.to_owned()).or_default();
    if !all.iter().any(|other| is_it(&other)) {
        all.push(series);
    }
}

impl Series {
    fn new(method: &'static str, route: &str, status: StatusCode) -> Self {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        Self {
            method,
            status,
            total: metrics::counter!("http_requests_total", &labels),
            duration: metrics::histogram!("http_request_duration_seconds", &labels),
        }
    }

    fn record(&self, duration: Duration) {
        self.total.increment(1);
        self.duration.record(duration);
    }
}

/// Clients may invent methods; the label is one of a few.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
