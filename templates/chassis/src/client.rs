//! The way to another service: calls that cost no more time than there is, are repeated only where
//! that is safe, and leave a service alone that does not do well.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, header};

use crate::{settings, upstream};

mod answer;
mod call;
mod caller;
mod deadline;
mod failure;
{% if needs.stub -%}
mod stub;
{% endif -%}
#[cfg(test)]
mod tests;
mod way;

pub use answer::{Page, Tagged};
pub use axum::http::Method;
pub use call::Call;
pub use caller::{Caller, TIMEOUT};
pub(crate) use failure::is_there;
pub use failure::{Failure, FieldFault, Refusal};

pub use crate::upstream::Address;

use self::way::Way;

/// What a call ends with: what was asked for, or why there is none.
pub type Result<T> = std::result::Result<T, Failure>;

/// How other services are treated, each for itself.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long an answer is waited for at most.
    pub timeout: Duration,
    /// Calls at the same time; more fail at once.
    pub concurrency: usize,
    /// How long a service that failed is left alone before it is tried again.
    pub breaker_wait: Duration,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        let default = Self::default();
        Self {
            timeout: given.seconds("CLIENT_TIMEOUT", default.timeout),
            concurrency: given.get("CLIENT_CONCURRENCY", default.concurrency),
            breaker_wait: given.seconds("CLIENT_BREAKER_WAIT", default.breaker_wait),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            concurrency: 256,
            breaker_wait: Duration::from_secs(5),
        }
    }
}

/// One service, as another one calls it; cheap to clone, and all clones share its state.
#[derive(Clone)]
pub struct Client {
    way: Arc<Way>,
    caller: Option<Caller>,
    authorization: Option<HeaderValue>,
}

impl Client {
    /// # Errors
    /// The settings allow no call.
    pub fn new(
        service: &'static str,
        address: &Address,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let way = Way::new(service, address, upstream::http1(), settings)?;
        Ok(Self::by(way))
    }

    fn by(way: Way) -> Self {
        Self {
            way: Arc::new(way),
            caller: None,
            authorization: None,
        }
    }

    /// The same for calls that answer a request: they go on with its trace and its token, and take
    /// no longer than its client waits.
    #[must_use]
    pub fn on_behalf_of(&self, caller: &Caller) -> Self {
        let own = self.authorization.clone();
        Self {
            caller: Some(caller.clone()),
            authorization: own.or_else(|| caller.authorization.clone()),
            ..self.clone()
        }
    }

    /// The same for calls that need a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok();
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        Self {
            authorization: value,
            ..self.clone()
        }
    }

    /// Begins a call. `path` may have parameters, such as `/orders/{id}`.
    #[must_use]
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        let mut call = Call::new(self, method, path);
        if let Some(value) = &self.authorization {
            call.insert(header::AUTHORIZATION, value.clone());
        }
        call
    }
}
