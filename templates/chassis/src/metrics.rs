//! Numbers for Prometheus: rate, errors and duration of requests, by route.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the buckets in seconds, dense where answers of a healthy service fall.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// The exporter: one for the process, since that is what the `metrics` crate records into.
static EXPORTER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?;
    let exporter = builder.install_recorder().ok()?;
    metrics::describe_counter!("http_requests_total", "Requests answered.");
    metrics::describe_histogram!(
        "http_request_duration_seconds",
        "Time until the answer's head was ready."
    );
    metrics::describe_gauge!("http_requests_in_flight", "Requests being worked on.");
    Some(exporter)
});

/// Starts recording, and every few seconds sums up what was recorded: between two scrapes memory
/// stays bounded.
pub fn init() {
    LazyLock::force(&EXPORTER);
    tokio::spawn(async {
        let mut interval = tokio::time::interval(Duration::from_secs(5));
        loop {
            interval.tick().await;
            if let Some(exporter) = EXPORTER.as_ref() {
                exporter.run_upkeep();
            }
        }
    });
}

/// All numbers in the text format of Prometheus.
pub async fn render() -> String {
    EXPORTER
        .as_ref()
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

/// What is recorded for one kind of answer.
struct Series {
    method: &'static str,
    status: StatusCode,
    total: Counter,
    duration: Histogram,
}

/// The series of each route, so that a request needs not make its labels anew; there are as many as
/// routes, methods and statuses that occur.
static ROUTES: LazyLock<RwLock<HashMap<String, Vec<Series>>>> = LazyLock::new(RwLock::default);

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

static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(|| metrics::gauge!("http_requests_in_flight"));

/// Counts a request as being worked on for as long as it lives, however it ends.
pub struct InFlight(());

impl InFlight {
    #[must_use]
    pub fn start() -> Self {
        IN_FLIGHT.increment(1);
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.decrement(1);
    }
}
