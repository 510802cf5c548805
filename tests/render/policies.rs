//! Who reaches whom: the network policies of a system, evaluated as the Kubernetes API documents it. Source: "Network
//! Policies", kubernetes.io/docs/concepts/services-networking.
//!
//! Two pods may talk where the policies of the one let out to the other, and those of the other let the one in. A pod
//! that no policy of a direction selects is open in that direction; rules of all its policies add up.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde_json::Value;

use super::projects;
use super::render;

type Labels = BTreeMap<String, String>;

/// Who talks and is talked to, as far as policies care.
struct Pod {
    name: String,
    /// Empty: it is no pod, but somebody outside of the cluster.
    namespace: String,
    labels: Labels,
    ports: Vec<Port>,
}

/// A port that a pod listens on.
struct Port {
    name: String,
    number: u64,
    protocol: &'static str,
}

/// An address on the internet.
const OUTSIDE: [u8; 4] = [203, 0, 113, 7];

/// A rendered system.
pub struct Cluster {
    pods: Vec<Pod>,
    /// Who is there as well, and not made by us.
    others: Vec<Pod>,
    policies: Vec<Value>,
}

impl Cluster {
    /// From the objects of one environment.
    pub fn of(objects: &[Value]) -> Self {
        let kind = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind);
        let pod = |deployment: &Value| {
            let template = &deployment["spec"]["template"];
            let containers = template["spec"]["containers"].as_array().unwrap().iter();
            let ports = containers.flat_map(|c| c["ports"].as_array().cloned().unwrap_or_default());
            Pod {
                name: text(&deployment["metadata"]["name"]),
                namespace: text(&deployment["metadata"]["namespace"]),
                labels: labels(&template["metadata"]["labels"]),
                ports: ports
                    .map(|p| Port {
                        name: text(&p["name"]),
                        number: p["containerPort"].as_u64().unwrap(),
                        protocol: "TCP",
                    })
                    .collect(),
            }
        };
        let policies = kind("NetworkPolicy").cloned().collect();
        Self { pods: kind("Deployment").map(pod).collect(), others: Vec::new(), policies }
    }

    /// With what else a cluster has: its DNS, who collects metrics, strangers in this namespace and in another one, and
    /// the internet.
    pub fn among_others(mut self) -> Self {
        let here = self.pods[0].namespace.clone();
        let other = |name: &str, namespace: &str, ports: &[(u64, &'static str)]| Pod {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            labels: [("app".to_owned(), name.to_owned())].into(),
            ports: ports
                .iter()
                .map(|(number, protocol)| Port { name: String::new(), number: *number, protocol })
                .collect(),
        };
        self.others = vec![
            other("dns", "kube-system", &[(53, "UDP"), (53, "TCP"), (9153, "TCP")]),
            other("prometheus", "monitoring", &[(9090, "TCP")]),
            other("neighbour", &here, &[(8080, "TCP")]),
            other("stranger", "elsewhere", &[(8080, "TCP"), (443, "TCP")]),
            other("internet", "", &[(443, "TCP")]),
        ];
        self
    }

    /// Every pair that may talk, one of ours among the two: `caller -> called:port`.
    pub fn ways(&self) -> BTreeSet<String> {
        let mut ways = BTreeSet::new();
        let all = || self.pods.iter().map(|pod| (pod, true)).chain(self.others.iter().map(|pod| (pod, false)));
        for (from, from_us) in all() {
            for (to, to_us) in all().filter(|(to, _)| to.name != from.name) {
                let open = to.ports.iter().filter(|port| {
                    self.allows(from, to, port, "egress", "to") && self.allows(to, from, port, "ingress", "from")
                });
                let shown = |port: &Port| match port.protocol {
                    "TCP" => format!("{} -> {}:{}", from.name, to.name, port.number),
                    other => format!("{} -> {}:{}/{other}", from.name, to.name, port.number),
                };
                ways.extend(open.filter(|_| from_us || to_us).map(shown));
            }
        }
        ways
    }

    /// Whether the policies that select `pod` let it talk with `peer` in one direction, at a port of the called one.
    fn allows(&self, pod: &Pod, peer: &Pod, port: &Port, direction: &str, side: &str) -> bool {
        let governs = |policy: &&Value| {
            let types = policy["spec"]["policyTypes"].as_array().unwrap();
            let here = policy["metadata"]["namespace"] == pod.namespace.as_str();
            let meant = types.iter().any(|t| t.as_str().unwrap().eq_ignore_ascii_case(direction));
            here && meant && selects(&policy["spec"]["podSelector"], &pod.labels)
        };
        let governing: Vec<&Value> = self.policies.iter().filter(governs).collect();
        let rules = governing.iter().flat_map(|policy| policy["spec"][direction].as_array().into_iter().flatten());
        let lets = |rule: &Value| {
            let peers = rule[side].as_array();
            let ports = rule["ports"].as_array();
            peers.is_none_or(|all| all.iter().any(|p| is_peer(p, pod, peer)))
                && ports.is_none_or(|all| all.iter().any(|p| is_port(p, port)))
        };
        governing.is_empty() || rules.into_iter().any(lets)
    }
}

/// Whether `peer` is what a rule of a policy in the namespace of `pod` names.
fn is_peer(rule: &Value, pod: &Pod, peer: &Pod) -> bool {
    if let Some(block) = rule.get("ipBlock") {
        // Pods are not reached by their addresses.
        return peer.namespace.is_empty() && is_in(&block["cidr"]);
    }
    if peer.namespace.is_empty() {
        return false;
    }
    let namespace = match rule.get("namespaceSelector") {
        None => peer.namespace == pod.namespace,
        Some(selector) => {
            let name = ("kubernetes.io/metadata.name".to_owned(), peer.namespace.clone());
            selects(selector, &[name].into())
        }
    };
    namespace && rule.get("podSelector").is_none_or(|selector| selects(selector, &peer.labels))
}

/// Whether a block of addresses holds that of the internet.
fn is_in(cidr: &Value) -> bool {
    let (address, bits) = cidr.as_str().unwrap().split_once('/').unwrap();
    let Ok(address) = address.parse::<Ipv4Addr>() else { return false };
    let mask = u32::MAX.checked_shl(32 - bits.parse::<u32>().unwrap()).unwrap_or(0);
    u32::from(address) & mask == u32::from(Ipv4Addr::from(OUTSIDE)) & mask
}

fn is_port(rule: &Value, port: &Port) -> bool {
    let protocol = rule["protocol"].as_str().unwrap_or("TCP");
    protocol == port.protocol
        && match &rule["port"] {
            Value::Null => true,
            Value::String(name) => *name == port.name,
            first => {
                let first = first.as_u64().unwrap();
                (first..=rule["endPort"].as_u64().unwrap_or(first)).contains(&port.number)
            }
        }
}

/// An empty selector takes all. Ours have labels only; anything else would have to be written here first.
fn selects(selector: &Value, pod: &Labels) -> bool {
    assert!(selector.get("matchExpressions").is_none(), "{selector}");
    labels(&selector["matchLabels"]).iter().all(|(key, value)| pod.get(key) == Some(value))
}

fn labels(value: &Value) -> Labels {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn ways(environment: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    projects::write(dir.path(), &projects::SYSTEM);
    projects::images(dir.path(), &["users", "orders", "mails", "gateway"]);
    let json = render(dir.path(), &["-e", environment, "--format", "json"]).success().stdout;
    let list: Value = serde_json::from_str(&json).unwrap();
    Cluster::of(list["items"].as_array().unwrap()).ways().into_iter().collect()
}

#[test]
fn services_reach_those_they_declare_and_nothing_else() {
    // The entrance is open to all, other pods included.
    let entrance = ["mails", "orders", "users"].map(|from| format!("{from} -> gateway:8080"));
    // Calls out of the entrance's peers are closed by their own policies.
    assert!(!ways("production").iter().any(|way| entrance.contains(way)));
    assert_eq!(
        ways("production"),
        ["gateway -> orders:8080", "gateway -> users:5000", "orders -> mails:8080", "orders -> users:5000"]
    );
}

#[test]
fn events_go_by_nats_and_caches_to_redis_where_they_come_along() {
    let database = ["mails", "orders", "users"].map(|from| format!("{from} -> shop-postgres:5432"));
    let nats = ["mails", "orders"].map(|from| format!("{from} -> shop-nats:4222"));
    let calls = ["gateway -> orders:8080", "gateway -> users:5000", "orders -> users:5000"].map(str::to_owned);
    let redis = ["orders -> shop-redis:6379".to_owned()];
    let mut wanted: Vec<String> = [&database[..], &nats, &redis, &calls].concat();
    wanted.sort();
    assert_eq!(ways("staging"), wanted);
}

/// The evaluator itself, on the cases that the documentation of Kubernetes tells apart.
#[test]
fn what_no_policy_selects_is_open_and_what_one_selects_is_closed() {
    let deployment = |name: &str| {
        serde_json::json!({ "kind": "Deployment", "metadata": { "name": name, "namespace": "a" },
            "spec": { "template": { "metadata": { "labels": { "app": name } },
                "spec": { "containers": [{ "ports": [{ "name": "http", "containerPort": 80 }] }] } } } })
    };
    let policy = |spec: Value| serde_json::json!({ "kind": "NetworkPolicy", "metadata": { "name": "p", "namespace": "a" }, "spec": spec });
    let ways = |policies: &[Value]| {
        let objects = [&[deployment("x"), deployment("y")], policies].concat();
        Cluster::of(&objects).ways().into_iter().collect::<Vec<_>>()
    };
    let both = ["x -> y:80", "y -> x:80"];
    assert_eq!(ways(&[]), both);
    let x_closed = serde_json::json!({ "podSelector": { "matchLabels": { "app": "x" } }, "policyTypes": ["Ingress"] });
    assert_eq!(ways(&[policy(x_closed.clone())]), ["x -> y:80"]);
    let mut by_name = x_closed.clone();
    by_name["ingress"] = serde_json::json!([{ "from": [{ "podSelector": {} }], "ports": [{ "port": "http" }] }]);
    assert_eq!(ways(&[policy(x_closed), policy(by_name.clone())]), both, "rules add up");
    by_name["ingress"][0]["from"] = serde_json::json!([{ "namespaceSelector": {
        "matchLabels": { "kubernetes.io/metadata.name": "b" } }, "podSelector": {} }]);
    assert_eq!(ways(&[policy(by_name)]), ["x -> y:80"], "both selectors of one entry must fit");

    let out = |to: Value| {
        let spec = serde_json::json!({ "podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [to] });
        let objects = [deployment("x"), policy(spec)];
        Cluster::of(&objects).among_others().ways().into_iter().collect::<Vec<_>>()
    };
    let dns = serde_json::json!({ "ports": [{ "port": 53, "protocol": "UDP" }] });
    assert_eq!(out(dns), ["x -> dns:53/UDP"], "a port is one of a protocol");
    let block = |cidr: &str| serde_json::json!({ "to": [{ "ipBlock": { "cidr": cidr } }] });
    assert_eq!(out(block("0.0.0.0/0")), ["x -> internet:443"], "blocks are for what is no pod");
    assert_eq!(out(block("10.0.0.0/8")), [""; 0]);
}
