//! Ports and ends of network policies.

use k8s_openapi::api::networking::v1::{IPBlock, NetworkPolicyEgressRule, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kubernetes::labels::{Identity, pairs};

/// A TCP port by number.
pub(in crate::kubernetes) fn tcp(port: i32) -> NetworkPolicyPort {
    protocol("TCP", port)
}

fn protocol(protocol: &str, port: i32) -> NetworkPolicyPort {
    NetworkPolicyPort {
        protocol: Some(protocol.to_owned()),
        port: Some(IntOrString::Int(port)),
        ..NetworkPolicyPort::default()
    }
}

/// The pods of a program in the same namespace.
pub(in crate::kubernetes) fn pods(of: &Identity) -> NetworkPolicyPeer {
    NetworkPolicyPeer { pod_selector: Some(of.label_selector()), ..NetworkPolicyPeer::default() }
}

/// All pods of a namespace.
pub(super) fn namespace(name: &str) -> NetworkPolicyPeer {
    let labels = pairs([("kubernetes.io/metadata.name", name)]);
    NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector { match_labels: Some(labels), ..LabelSelector::default() }),
        ..NetworkPolicyPeer::default()
    }
}

/// A network outside.
pub(super) fn network(cidr: &str) -> NetworkPolicyPeer {
    let block = IPBlock { cidr: cidr.to_owned(), except: None };
    NetworkPolicyPeer { ip_block: Some(block), ..NetworkPolicyPeer::default() }
}

/// Name resolution, wherever it runs: in kube-system, on the node's own address, or elsewhere.
pub(super) fn dns() -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule { ports: Some(vec![protocol("UDP", 53), protocol("TCP", 53)]), to: None }
}

/// A way out to `to`; no ports: all of them.
pub(in crate::kubernetes) fn out(to: NetworkPolicyPeer, ports: Vec<NetworkPolicyPort>) -> NetworkPolicyEgressRule {
    NetworkPolicyEgressRule { to: Some(vec![to]), ports: (!ports.is_empty()).then_some(ports) }
}
