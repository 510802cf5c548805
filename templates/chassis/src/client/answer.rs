//! What a service answered.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode, header};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::Result;
use super::failure::{Failure, Refusal};

/// Bytes of an answer at most.
const LIMIT: usize = 16 * 1024 * 1024;

/// An answer, all of it.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A record with the state that it is in, for changes that must not undo those of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged<T> {
    /// Its `ETag`, which `if-match` takes.
    pub etag: String,
    pub record: T,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub entries: Vec<T>,
    /// The cursor of the next one, if there is one.
    pub next: Option<String>,
}

impl Answer {
    /// Takes what has begun to come until its end.
    pub async fn of(response: Response<Incoming>) -> Result<Self> {
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LIMIT).await;
        Ok(Self {
            status: head.status,
            headers: head.headers,
            body: body.map_err(|_| Failure::Broken)?,
        })
    }

    /// Itself, unless it is an error.
    pub fn accepted(self) -> Result<Self> {
        if self.status.is_success() {
            return Ok(self);
        }
        let wait = self.header(&header::RETRY_AFTER);
        let told = serde_json::from_slice(&self.body).unwrap_or_default();
        let refusal = Refusal {
            status: self.status,
            // A date is as good as any time: it says that the service is well enough to refuse.
            wait: (!wait.is_empty()).then(|| Duration::from_secs(wait.parse().unwrap_or(1))),
            ..told
        };
        Err(Failure::Refused(refusal))
    }

    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        let read = serde_json::from_slice(&self.body);
        read.map_err(|error| Failure::Unreadable(error.to_string()))
    }

    pub fn tagged<T: DeserializeOwned>(&self) -> Result<Tagged<T>> {
        Ok(Tagged {
            etag: self.header(&header::ETAG).to_owned(),
            record: self.read()?,
        })
    }

    pub fn page<T: DeserializeOwned>(&self) -> Result<Page<T>> {
        Ok(Page {
            entries: self.read()?,
            next: next_cursor(self.header(&header::LINK)),
        })
    }

    fn header(&self, name: &HeaderName) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap_or_default())
    }
}

/// The cursor in `</orders?limit=20&cursor=abc>; rel="next"` (RFC 8288).
fn next_cursor(link: &str) -> Option<String> {
    let address = link.strip_prefix('<')?.split_once(">; rel=\"next\"")?.0;
    let mut pairs = form_urlencoded::parse(address.split_once('?')?.1.as_bytes());
    let (_, cursor) = pairs.find(|(name, _)| name == "cursor")?;
    Some(cursor.into_owned())
}
