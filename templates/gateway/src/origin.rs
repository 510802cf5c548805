//! Who sent a request: the address of the connection, or, behind proxies that are trusted, the one
//! that they saw.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

pub const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
pub const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Where a request came from. It lies among the extensions of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub client: IpAddr,
    /// The client, and the trusted proxies behind it, up to the connection.
    pub chain: Vec<IpAddr>,
    pub is_https: bool,
    pub host: Option<HeaderValue>,
}

impl Origin {
    /// `trusted` proxies stand before the gateway: so many addresses, from the right, are not the
    /// client's. What stands further left anybody may have written.
    #[must_use]
    pub fn of(peer: IpAddr, uri: &Uri, headers: &HeaderMap, trusted: usize) -> Self {
        let mut chain = vec![peer.to_canonical()];
        let told = headers.get_all(FORWARDED_FOR).iter();
        let told: Vec<&str> = told
            .flat_map(|line| line.to_str().unwrap_or("?").split(','))
            .collect();
        for text in told.into_iter().rev().take(trusted) {
            let Some(address) = address(text.trim()) else {
                break;
            };
            chain.push(address.to_canonical());
        }
        chain.reverse();
        let of_proxy = |name| headers.get(name).filter(|_| trusted > 0);
        let own_host = || {
            let authority = uri
                .authority()
                .map(|host| HeaderValue::from_str(host.as_str()));
            match authority {
                Some(host) => host.ok(),
                None => headers.get(header::HOST).cloned(),
            }
        };
        Self {
            client: chain[0],
            chain,
            is_https: of_proxy(FORWARDED_PROTO).is_some_and(|proto| proto == "https"),
            host: of_proxy(FORWARDED_HOST).cloned().or_else(own_host),
        }
    }

    /// The addresses for the service's `X-Forwarded-For`.
    #[must_use]
    pub fn forwarded_for(&self) -> Option<HeaderValue> {
        let chain: Vec<String> = self.chain.iter().map(IpAddr::to_string).collect();
        HeaderValue::from_str(&chain.join(", ")).ok()
    }
}

/// Notes where a request came from, for all that comes after.
pub async fn find(State(trusted): State<usize>, mut request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connection.map_or(Ipv6Addr::UNSPECIFIED.into(), |peer| peer.0.ip());
    let origin = Origin::of(peer, request.uri(), request.headers(), trusted);
    request.extensions_mut().insert(origin);
    next.run(request).await
}

/// With or without a port, as proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    text.parse().or_else(|_| with_port()).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};

    use super::{FORWARDED_FOR, FORWARDED_PROTO, Origin};

    fn origin(forwarded: &'static str, trusted: usize) -> Origin {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, forwarded.parse().unwrap());
        headers.insert(FORWARDED_PROTO, "https".parse().unwrap());
        let peer = "10.0.0.1".parse().unwrap();
        Origin::of(peer, &Uri::from_static("/"), &headers, trusted)
    }

    #[test]
    fn nobody_is_believed_unless_told_so() {
        let direct = origin("1.2.3.4", 0);
        assert_eq!(direct.client.to_string(), "10.0.0.1");
        assert!(!direct.is_https);
        assert_eq!(direct.forwarded_for().unwrap(), "10.0.0.1");
    }

    #[test]
    fn as_many_hops_are_believed_as_are_trusted() {
        let proxied = origin("6.6.6.6, 1.2.3.4", 1);
        assert_eq!(proxied.client.to_string(), "1.2.3.4");
        assert!(proxied.is_https);
        assert_eq!(proxied.forwarded_for().unwrap(), "1.2.3.4, 10.0.0.1");
        assert_eq!(
            origin("1.2.3.4:99, 10.0.0.2", 2).client.to_string(),
            "1.2.3.4"
        );
        assert_eq!(origin("1.2.3.4, unknown", 2).client.to_string(), "10.0.0.1");
        assert_eq!(origin("1.2.3.4", 5).client.to_string(), "1.2.3.4");
    }
}
