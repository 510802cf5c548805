//! Rate, errors and duration of calls, by method.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram};
use tonic::Code;

/// Calls being worked on.
pub static IN_FLIGHT: LazyLock<Gauge> = LazyLock::new(|| {
    metrics::describe_gauge!("grpc_server_in_flight", "Calls being worked on.");
    metrics::gauge!("grpc_server_in_flight")
});

/// What is recorded for one kind of answer.
struct Series {
    code: Code,
    total: Counter,
    duration: Histogram,
}

type Methods = RwLock<HashMap<String, Vec<Series>>>;

/// The series of each method, so that a call needs not make its labels anew; there are as many as
/// methods and codes that occur.
static METHODS: LazyLock<Methods> = LazyLock::new(|| {
    metrics::describe_counter!("grpc_server_handled_total", "Calls answered.");
    metrics::describe_histogram!(
        "grpc_server_handling_seconds",
        "Time until the answer, or the first of a stream, was ready."
    );
    RwLock::default()
});

/// Counts one answered call. Clients may invent methods: all that are not implemented are one
/// series, so the number of series stays bounded.
pub fn record(path: &str, code: Code, duration: Duration) {
    let path = match code {
        Code::Unimplemented => "/unknown/unknown",
        _ => path,
    };
    let is_it = |series: &&Series| series.code == code;
    let methods = METHODS.read().unwrap_or_else(PoisonError::into_inner);
    let known = methods.get(path).and_then(|all| all.iter().find(is_it));
    if let Some(series) = known {
        return series.record(duration);
    }
    drop(methods);
    let series = Series::new(path, code);
    series.record(duration);
    let mut methods = METHODS.write().unwrap_or_else(PoisonError::into_inner);
    let all = methods.entry(path.to_owned()).or_default();
    if !all.iter().any(|other| is_it(&other)) {
        all.push(series);
    }
}

impl Series {
    fn new(path: &str, code: Code) -> Self {
        let (service, method) = path
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or_default();
        let labels = [
            ("grpc_service", service.to_owned()),
            ("grpc_method", method.to_owned()),
            ("grpc_code", format!("{code:?}")),
        ];
        Self {
            code,
            total: metrics::counter!("grpc_server_handled_total", &labels),
            duration: metrics::histogram!("grpc_server_handling_seconds", &labels),
        }
    }

    fn record(&self, duration: Duration) {
        self.total.increment(1);
        self.duration.record(duration);
    }
}
