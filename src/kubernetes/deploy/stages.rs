//! The order between services: a service is changed when those that it calls run as they shall.

use std::collections::BTreeMap;

use crate::kubernetes::object::Object;
use crate::kubernetes::order;
use crate::project::{DnsLabel, Service, Settings, edges};

/// Objects, in the order of their waves, in the stages in which they are applied: first all that does not run itself,
/// and the services that call no other; then those that call these; and so on. None is empty.
pub(super) fn stages(settings: &Settings, objects: Vec<Object>) -> Vec<Vec<Object>> {
    let services: Vec<&Service> = settings.services.iter().map(|s| &s.service).collect();
    let mut stage_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (stage, wave) in edges::waves(&services).into_iter().enumerate() {
        stage_of.extend(wave.into_iter().map(|number| (services[number].name.as_str(), stage)));
    }
    let mut stages: BTreeMap<usize, Vec<Object>> = BTreeMap::new();
    for object in objects {
        let service = object.service.as_deref().filter(|_| order::runs(&object.kind));
        let stage = service.and_then(|service| stage_of.get(service).copied()).unwrap_or_default();
        stages.entry(stage).or_default().push(object);
    }
    stages.into_values().collect()
}

/// Who waits for whom, where some failed: `gateway waits for orders`. `left` are the services that were not changed.
pub(super) fn waiting(settings: &Settings, failed: &[&str], left: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for service in settings.services.iter().map(|s| &s.service).filter(|s| left.contains(&s.name.as_str())) {
        let calls = service.calls();
        let for_whom: Vec<&str> =
            calls.iter().map(DnsLabel::as_str).filter(|name| failed.contains(name) || left.contains(name)).collect();
        if for_whom.is_empty() {
            lines.push(format!("{} was not changed yet", service.name));
        } else {
            lines.push(format!("{} waits for {}, and was not changed", service.name, for_whom.join(" and ")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::project::{Project, ServiceFile, load::parse_service};

    fn settings(services: &[(&str, &str)]) -> Settings {
        let file = |(name, uses): &(&str, &str)| {
            let text = format!(
                "apiVersion: msvc/v1\nkind: Service\nname: {name}\ntemplate: {{ name: rest }}\nuses: [{uses}]\n"
            );
            let service = parse_service(&text, "msvc.yaml").unwrap();
            ServiceFile { dir: (*name).into(), service, document: serde_json::Value::Null }
        };
        let project = Project { root: ".".into(), system: None, services: services.iter().map(file).collect() };
        Settings::resolve(&project, None).unwrap()
    }

    fn object(kind: &str, service: Option<&str>) -> Object {
        let name = service.unwrap_or("postgres");
        Object::from_value(json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name } }), service).unwrap()
    }

    #[test]
    fn what_runs_comes_after_what_it_calls_and_the_rest_at_once() {
        let settings = settings(&[("gateway", "orders"), ("orders", "users"), ("users", "")]);
        let objects = [
            ("ConfigMap", Some("gateway")),
            ("Deployment", Some("gateway")),
            ("Deployment", Some("orders")),
            ("Deployment", None),
            ("Deployment", Some("users")),
            ("HorizontalPodAutoscaler", Some("gateway")),
        ];
        let stages = stages(&settings, objects.map(|(kind, service)| object(kind, service)).into());
        let told =
            |stage: &Vec<Object>| stage.iter().map(|o| format!("{}/{}", o.kind, o.name)).collect::<Vec<_>>().join(" ");
        assert_eq!(
            stages.iter().map(told).collect::<Vec<_>>(),
            [
                "ConfigMap/gateway Deployment/postgres Deployment/users",
                "Deployment/orders",
                "Deployment/gateway HorizontalPodAutoscaler/gateway"
            ]
        );
    }

    #[test]
    fn who_waits_is_told_with_for_whom() {
        let settings = settings(&[("gateway", "orders, users"), ("mails", ""), ("orders", "users"), ("users", "")]);
        assert_eq!(
            waiting(&settings, &["users"], &["gateway", "orders"]),
            ["gateway waits for orders and users, and was not changed", "orders waits for users, and was not changed"]
        );
    }
}
