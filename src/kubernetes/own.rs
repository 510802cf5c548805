//! msvc's own objects in a namespace: their names and labels.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// What a record is of, in the label `app.kubernetes.io/component`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// What was applied.
    Inventory,
    /// One deploy.
    Release,
    /// Who is working.
    Lease,
    /// Passwords of backing services.
    Backing,
}

impl Record {
    const fn name(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Release => "release",
            Self::Lease => "lease",
            Self::Backing => "backing",
        }
    }
}

/// Metadata of one of msvc's own objects.
pub(super) fn metadata(name: String, project: &str, record: Record) -> ObjectMeta {
    let labels = [
        ("app.kubernetes.io/managed-by", "msvc"),
        ("app.kubernetes.io/part-of", project),
        ("app.kubernetes.io/component", record.name()),
    ];
    let labels: BTreeMap<String, String> = labels.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    ObjectMeta { name: Some(name), labels: Some(labels), ..ObjectMeta::default() }
}

/// The selector of a project's records of one sort.
pub(super) fn selector(project: &str, record: Record) -> String {
    format!("{},app.kubernetes.io/component={}", all(project), record.name())
}

/// The selector of a service's pods.
pub(super) fn service_selector(project: &str, service: &str) -> String {
    format!("{},app.kubernetes.io/instance={service}", all(project))
}

/// The selector of the pods of services, and where the project is one of them on its own, of its backing.
pub(super) fn services_selector(project: &str, services: &[&str]) -> String {
    if services == [project] {
        // Its backing is called after it, and is part of it.
        return all(project);
    }
    format!("{},app.kubernetes.io/name in ({})", all(project), services.join(","))
}

fn all(project: &str) -> String {
    format!("app.kubernetes.io/managed-by=msvc,app.kubernetes.io/part-of={project}")
}
