//! The questions that the kubelet asks a service on its management port.

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::MANAGEMENT;

/// Asked every second, so that a service that starts fast serves at once; it may take two minutes, for migrations.
pub(super) fn startup() -> Probe {
    get("/livez", 1, 2, 120)
}

/// Whether the service should get requests.
pub(super) fn readiness() -> Probe {
    get("/readyz", 5, 2, 2)
}

/// Whether it hangs and must be started again; patient, as a restart under load makes things worse.
pub(super) fn liveness() -> Probe {
    get("/livez", 10, 5, 3)
}

fn get(path: &str, period: i32, timeout: i32, failures: i32) -> Probe {
    Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path.to_owned()),
            port: IntOrString::String(MANAGEMENT.to_owned()),
            ..HTTPGetAction::default()
        }),
        period_seconds: Some(period),
        timeout_seconds: Some(timeout),
        failure_threshold: Some(failures),
        ..Probe::default()
    }
}
