//! The NetworkPolicy of a service: in come its declared callers (everybody where it is exposed) and whoever
//! collects metrics, out go the services it calls or sends events to, DNS, its backing and what `egress` says. Nothing
//! else.
//!
//! Metrics are collected from the namespace called `monitoring`; for another one, `patches` of the NetworkPolicy
//! say so. The kubelet's probes come from the pod's own node, which is always let in.

use std::net::IpAddr;

use k8s_openapi::api::networking::v1::{
    NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicySpec,
};

use super::{MANAGEMENT_PORT, Scope, events, identity, peers};
use crate::error::Result;
use crate::kubernetes::backing;
use crate::project::ServiceSettings;
use crate::project::deploy::Egress;

/// The namespace that metrics are collected from.
const SCRAPERS: &str = "monitoring";

/// # Errors
/// An `egress` entry that is no network (exit code 2).
pub(super) fn network_policy(scope: &Scope) -> Result<NetworkPolicy> {
    Ok(NetworkPolicy {
        metadata: scope.identity().metadata(),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(scope.identity().label_selector()),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: Some(ingress(scope)),
            egress: Some(egress(scope)?),
        }),
    })
}

fn ingress(scope: &Scope) -> Vec<NetworkPolicyIngressRule> {
    let name = scope.name();
    let callers = scope.settings.services.iter().filter(|other| reaches(scope, other, name));
    let from: Vec<_> = callers.map(|s| peers::pods(&identity(scope.settings, s.service.name.as_str()))).collect();
    let api = Some(vec![peers::tcp(scope.api_port())]);
    let metrics = NetworkPolicyIngressRule {
        from: Some(vec![peers::namespace(SCRAPERS)]),
        ports: Some(vec![peers::tcp(MANAGEMENT_PORT.into())]),
    };
    let mut rules = Vec::new();
    if exposed(scope) {
        rules.push(NetworkPolicyIngressRule { from: None, ports: api });
    } else if !from.is_empty() {
        rules.push(NetworkPolicyIngressRule { from: Some(from), ports: api });
    }
    rules.push(metrics);
    rules
}

/// Whether `other` calls the service `name`, or sends its events there.
fn reaches(scope: &Scope, other: &ServiceSettings, name: &str) -> bool {
    let mut reached = other.service.calls();
    reached.extend(events::subscribers(scope.settings, other).map(|s| s.service.name.clone()));
    reached.iter().any(|reached| reached.as_str() == name)
}

/// Whether the outside reaches it: by its own address, or through an ingress or gateway, which runs who knows where.
fn exposed(scope: &Scope) -> bool {
    scope.service.deploy.expose.as_ref().is_some_and(|e| e.kind.is_some() || e.host.is_some())
}

fn egress(scope: &Scope) -> Result<Vec<NetworkPolicyEgressRule>> {
    let mut rules = vec![peers::dns()];
    let mut reached = scope.service.service.calls();
    for subscriber in events::subscribers(scope.settings, scope.service) {
        if !reached.contains(&subscriber.service.name) {
            reached.push(subscriber.service.name.clone());
        }
    }
    for used in &reached {
        let known = scope.settings.services.iter().find(|s| s.service.name == *used);
        let ports = known.map(|s| peers::tcp(i32::from(s.service.port.number())));
        rules.push(peers::out(peers::pods(&identity(scope.settings, used.as_str())), ports.into_iter().collect()));
    }
    rules.extend(backing::egress(scope.settings, scope.service));
    for entry in &scope.service.deploy.egress {
        check(scope, entry)?;
        let ports = entry.ports.iter().map(|p| peers::tcp(i32::from(p.number()))).collect();
        rules.push(peers::out(peers::network(&entry.cidr), ports));
    }
    Ok(rules)
}

fn check(scope: &Scope, entry: &Egress) -> Result<()> {
    let fits = |(address, bits): (&str, &str)| {
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        bits.parse::<u8>().ok().filter(|bits| *bits <= most)
    };
    match entry.cidr.split_once('/').and_then(fits) {
        Some(_) => Ok(()),
        None => Err(scope
            .invalid(format!("deploy.egress: {:?} is not a network", entry.cidr))
            .hint("write address and prefix length, for example 10.20.0.0/16, or 10.20.0.7/32 for one address")),
    }
}
