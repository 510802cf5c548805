//! What a container gets: requests that the scheduler and the autoscaler count with, and a limit of memory.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::Scope;
use crate::error::Result;
use crate::kubernetes::labels::Labels;
use crate::project::deploy::Scalar;

/// Requests of a service that says nothing. There is no limit of CPU: it would slow a service down while the
/// node idles.
const REQUESTS: [(&str, &str); 3] = [("cpu", "50m"), ("memory", "32Mi"), ("ephemeral-storage", "64Mi")];
/// Memory that a service may not exceed.
const MEMORY_LIMIT: &str = "128Mi";

/// The project's figures, completed: where only one of request and limit of memory is given, the other equals it,
/// so that a default never contradicts it.
///
/// # Errors
/// A figure that is no quantity (exit code 2).
pub(super) fn resources(scope: &Scope) -> Result<ResourceRequirements> {
    let given = scope.service.deploy.resources.clone().unwrap_or_default();
    let mut requests = read(scope, "requests", &given.requests)?;
    let mut limits = read(scope, "limits", &given.limits)?;
    match (requests.get("memory").cloned(), limits.get("memory").cloned()) {
        (Some(request), None) => drop(limits.insert("memory".to_owned(), request)),
        (None, Some(limit)) => drop(requests.insert("memory".to_owned(), limit)),
        (None, None) => drop(limits.insert("memory".to_owned(), MEMORY_LIMIT.to_owned())),
        (Some(_), Some(_)) => {}
    }
    for (name, amount) in REQUESTS {
        let amount = limits.get(name).filter(|_| name != "memory").map_or(amount, String::as_str);
        requests.entry(name.to_owned()).or_insert_with(|| amount.to_owned());
    }
    Ok(requirements(requests, limits))
}

/// Requirements from plain figures.
pub(in crate::kubernetes) fn requirements(requests: Labels, limits: Labels) -> ResourceRequirements {
    let quantities = |figures: Labels| Some(figures.into_iter().map(|(k, v)| (k, Quantity(v))).collect());
    ResourceRequirements { requests: quantities(requests), limits: quantities(limits), claims: None }
}

fn read(scope: &Scope, list: &str, given: &IndexMap<String, Scalar>) -> Result<BTreeMap<String, String>> {
    let mut figures = BTreeMap::new();
    for (name, amount) in given {
        if !is_quantity(amount.as_str()) {
            let what = format!("deploy.resources.{list}.{name}: {:?} is not a quantity", amount.as_str());
            return Err(scope.invalid(what).hint("write CPU like 250m or 1.5, and memory like 64Mi or 2Gi"));
        }
        figures.insert(name.clone(), amount.as_str().to_owned());
    }
    Ok(figures)
}

/// Whether text is a quantity as Kubernetes reads it, and not a negative one.
fn is_quantity(text: &str) -> bool {
    const SUFFIXES: [&str; 16] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "n", "u", "m", "k", "M", "G", "T", "P", "E", ""];
    let number = |digits: &str| {
        digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E'))
            && digits.parse::<f64>().is_ok()
    };
    SUFFIXES.iter().any(|suffix| text.strip_suffix(suffix).is_some_and(number))
}

#[cfg(test)]
mod tests {
    use super::is_quantity;

    #[test]
    fn quantities_are_told_from_slips() {
        for right in ["50m", "1", "0.5", "1.5Gi", "64Mi", "2e3", "100k"] {
            assert!(is_quantity(right), "{right}");
        }
        for wrong in ["", "64MB", "50 m", "-1", "many", "64mi", "1.2.3"] {
            assert!(!is_quantity(wrong), "{wrong}");
        }
    }
}
