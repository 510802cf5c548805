//! How much one client may ask for. A client is an address, or for IPv6 the network that one
//! household gets.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::sync::Cache;

use crate::meters;
use crate::origin::Origin;
use crate::settings::Settings;

/// Clients that are remembered at most, about 20 MB. When there are more, those that are seldom seen
/// begin anew.
const CLIENTS: u64 = 100_000;

/// Knows how many requests came from where of late.
#[derive(Clone)]
pub struct Limiter {
    quota: Option<Quota>,
    clients: Cache<IpAddr, Arc<DefaultDirectRateLimiter>>,
}

impl Limiter {
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let burst = NonZeroU32::new(settings.rate_burst).unwrap_or(NonZeroU32::MIN);
        let quota = NonZeroU32::new(settings.rate_limit);
        let quota = quota.map(|rate| Quota::per_second(rate).allow_burst(burst));
        // After the time in which a burst is made up for, a client is as good as a new one.
        let forgotten = quota.map_or(Duration::ZERO, |quota| quota.burst_size_replenished_in());
        let clients = Cache::builder()
            .max_capacity(CLIENTS)
            .time_to_idle(forgotten + Duration::from_secs(1))
            .build();
        Self { quota, clients }
    }

    /// How long a client has to wait, if it has to.
    fn wait(&self, client: IpAddr) -> Option<Duration> {
        let quota = self.quota?;
        let make = || Arc::new(RateLimiter::direct(quota));
        let limiter = self.clients.get_with(network(client), make);
        let refused = limiter.check().err()?;
        Some(refused.wait_time_from(DefaultClock::default().now()))
    }
}

/// Refuses those who ask too much.
pub async fn limit(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let origin = request.extensions().get::<Origin>();
    let wait = origin.and_then(|origin| limiter.wait(origin.client));
    let Some(wait) = wait else {
        return next.run(request).await;
    };
    meters::rate_limited();
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS);
    let wait = HeaderValue::from(wait.as_secs() + 1);
    ([(header::RETRY_AFTER, wait)], problem).into_response()
}

/// Whoever has an IPv6 address has all of its /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Limiter, network};
    use crate::settings::Settings;

    #[test]
    fn each_client_has_a_burst_of_its_own() {
        let limiter = Limiter::new(&Settings {
            rate_limit: 1,
            rate_burst: 2,
            ..Settings::default()
        });
        let (one, other) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert!(limiter.wait(one).is_none() && limiter.wait(one).is_none());
        assert!(limiter.wait(one).is_some_and(|wait| wait.as_secs() <= 1));
        assert!(limiter.wait(other).is_none());
    }

    #[test]
    fn a_household_is_one_client() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
