//! Whether the network policy lets a service out to its database. The address is secret: it is read to be compared,
//! and never told.

use std::net::IpAddr;

use k8s_openapi::api::core::v1::Secret;

use super::client::Cluster;
use crate::progress::Progress;
use crate::project::deploy::Egress;
use crate::project::{ServiceSettings, Settings};

const VARIABLE: &str = "DATABASE_URL";
/// PostgreSQL's port, where the address names none.
const PORT: u16 = 5432;

/// Warns of services whose `egress` leads elsewhere than to their database. One without any `egress` is told of
/// before, by what msvc.yaml says alone.
pub async fn warn(cluster: &Cluster, settings: &Settings, progress: &dyn Progress) {
    for service in settings.services.iter().filter(|s| !s.deploy.egress.is_empty()) {
        if let Some(url) = url(cluster, service).await
            && let Some((address, port)) = address(&url)
            && !service.deploy.egress.iter().any(|rule| lets_out(rule, address, port))
        {
            let name = &service.service.name;
            progress.warning(&format!(
                "service `{name}` has a {VARIABLE} that none of its `deploy.egress` rules lets out to"
            ));
        }
    }
}

/// The value, where this user may read it. Where it is missing, the rollout tells.
async fn url(cluster: &Cluster, service: &ServiceSettings) -> Option<String> {
    let from = service.deploy.secrets.get(VARIABLE)?;
    let secret = cluster.find::<Secret>(&from.name).await.ok()??;
    String::from_utf8(secret.data?.remove(&from.key)?.0).ok()
}

/// Address and port of a URL whose host is an address; what a name stands for is known in the cluster only.
fn address(url: &str) -> Option<(IpAddr, u16)> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(inner) = host.strip_prefix('[') {
        let (address, after) = inner.split_once(']')?;
        let port = after.strip_prefix(':').map_or(Some(PORT), |p| p.parse().ok())?;
        return Some((address.parse().ok()?, port));
    }
    let (address, port) =
        host.split_once(':').map_or((host, Some(PORT)), |(address, port)| (address, port.parse().ok()));
    Some((address.parse().ok()?, port?))
}

fn lets_out(rule: &Egress, address: IpAddr, port: u16) -> bool {
    let port_fits = rule.ports.is_empty() || rule.ports.iter().any(|p| p.number() == port);
    port_fits && holds(&rule.cidr, address)
}

/// Whether a network such as `10.20.0.0/16` holds the address.
fn holds(cidr: &str, address: IpAddr) -> bool {
    let Some((network, length)) = cidr.split_once('/') else { return false };
    let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    let (bits, network, address) = match (network, address) {
        (IpAddr::V4(n), IpAddr::V4(a)) => (32, u128::from(n.to_bits()), u128::from(a.to_bits())),
        (IpAddr::V6(n), IpAddr::V6(a)) => (128, n.to_bits(), a.to_bits()),
        _ => return false,
    };
    // A network of length 0 holds everything; shifting by all bits would overflow.
    length == 0 || (length <= bits && (network ^ address) >> (bits - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_urls_and_names_are_not() {
        let found = |url| address(url).map(|(a, p)| format!("{a} {p}"));
        assert_eq!(found("postgres://u:p@10.20.1.2:6432/db?x=y").as_deref(), Some("10.20.1.2 6432"));
        assert_eq!(found("postgres://10.20.1.2/db").as_deref(), Some("10.20.1.2 5432"));
        assert_eq!(found("postgres://u@[fd00::1]:5433/db").as_deref(), Some("fd00::1 5433"));
        assert_eq!(found("postgres://u:p%40@db.example:5432/db"), None);
    }

    #[test]
    fn networks_hold_what_their_length_says() {
        let holds = |cidr, address: &str| super::holds(cidr, address.parse().unwrap());
        assert!(holds("10.20.0.0/16", "10.20.255.1") && !holds("10.20.0.0/16", "10.21.0.1"));
        assert!(holds("0.0.0.0/0", "1.2.3.4") && holds("10.0.0.1/32", "10.0.0.1"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "10.0.0.1"));
    }
}
