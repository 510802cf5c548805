//! Answers that are kept for bad times: what a service last said, as long as its route allows it to
//! be given again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use moka::sync::Cache;

use crate::route::Route;

/// Says that an answer does not come from the service: `stale` or `default`.
pub const DEGRADED: HeaderName = HeaderName::from_static("x-degraded");

/// A larger answer is not kept.
const LARGEST: usize = 256 * 1024;

/// Headers that tell two requests for the same path apart.
const ASKED: [HeaderName; 2] = [header::ACCEPT, header::ACCEPT_ENCODING];

/// What was asked for: path and query, and the headers that make a difference.
type Key = String;

/// The answers of all routes, in a bounded part of the memory.
#[derive(Clone)]
pub struct Stale {
    answers: Cache<Key, Arc<Kept>>,
}

struct Kept {
    headers: HeaderMap,
    body: Bytes,
    since: Instant,
}

impl Stale {
    #[must_use]
    pub fn new(bytes: u64, table: &[Route]) -> Self {
        let oldest = table.iter().filter_map(|route| route.stale_for).max();
        let weight = |key: &Key, kept: &Arc<Kept>| {
            // Headers are few; a flat rate stands for them.
            u32::try_from(key.len() + kept.body.len() + 1024).unwrap_or(u32::MAX)
        };
        let answers = Cache::builder()
            .max_capacity(bytes)
            .weigher(weight)
            .time_to_live(oldest.unwrap_or(Duration::from_secs(1)))
            .build();
        Self { answers }
    }

    /// The name under which the answer to a request is kept; `None` where none may be kept: the
    /// route does not want it, it changes something, or it depends on who asks.
    #[must_use]
    pub fn key(route: &Route, request: &Request) -> Option<Key> {
        let headers = request.headers();
        let is_personal = [header::AUTHORIZATION, header::COOKIE, header::RANGE]
            .iter()
            .any(|name| headers.contains_key(name));
        route.stale_for?;
        if request.method() != Method::GET || is_personal {
            return None;
        }
        let mut key = request.uri().path_and_query()?.as_str().to_owned();
        for name in &ASKED {
            key.push('\n');
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            key.push_str(value.unwrap_or_default());
        }
        Some(key)
    }

    /// Begins to copy an answer, if it is one that may be given to others.
    #[must_use]
    pub fn copy(&self, key: Option<Key>, status: StatusCode, headers: &HeaderMap) -> Option<Copy> {
        let key = key?;
        (status == StatusCode::OK && is_public(headers)).then(|| Copy {
            cache: self.answers.clone(),
            key,
            headers: headers.clone(),
            body: Vec::new(),
        })
    }

    /// What was answered before, if that is not too long ago.
    #[must_use]
    pub fn find(&self, key: &Key, route: &Route) -> Option<Response> {
        let kept = self.answers.get(key)?;
        let age = kept.since.elapsed();
        if age > route.stale_for? {
            return None;
        }
        let mut response = Response::new(Body::from(kept.body.clone()));
        let headers = response.headers_mut();
        headers.clone_from(&kept.headers);
        headers.insert(header::AGE, HeaderValue::from(age.as_secs()));
        headers.insert(DEGRADED, HeaderValue::from_static("stale"));
        // It is old enough: nobody on the way shall keep it any longer.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Some(response)
    }
}

/// Whether an answer may be given to somebody else who asks the same.
fn is_public(headers: &HeaderMap) -> bool {
    let words = |name| {
        let lines = headers.get_all(name).iter();
        let words = lines.flat_map(|line: &HeaderValue| {
            // What cannot be read is no word that is known below.
            line.to_str().unwrap_or("?").split(',')
        });
        words.map(|word| word.trim().to_ascii_lowercase())
    };
    let is_forbidden =
        words(header::CACHE_CONTROL).any(|word| word == "no-store" || word.starts_with("private"));
    // Pages that may read it are the gateway's business, so `Origin` makes no difference.
    let is_told_apart =
        |word: &String| word == "origin" || ASKED.iter().any(|name| name.as_str() == word);
    !is_forbidden
        && !headers.contains_key(header::SET_COOKIE)
        && words(header::VARY).all(|word| is_told_apart(&word))
}

/// An answer that is being copied while it goes through.
pub struct Copy {
    cache: Cache<Key, Arc<Kept>>,
    key: Key,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Copy {
    /// Adds a piece; false once it is too much to be kept.
    pub fn add(&mut self, piece: &[u8]) -> bool {
        self.body.extend_from_slice(piece);
        self.body.len() <= LARGEST
    }

    /// Keeps the answer, which is whole now.
    pub fn keep(self) {
        let kept = Kept {
            headers: self.headers,
            body: self.body.into(),
            since: Instant::now(),
        };
        self.cache.insert(self.key, Arc::new(kept));
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName};

    use super::is_public;

    #[test]
    fn only_answers_for_everybody_are_kept() {
        let is_kept = |name: &'static str, value: &'static str| {
            let name = HeaderName::from_static(name);
            is_public(&HeaderMap::from_iter([(name, value.parse().unwrap())]))
        };
        assert!(is_public(&HeaderMap::new()));
        assert!(is_kept("cache-control", "max-age=60"));
        assert!(is_kept("vary", "Accept, Origin"));
        assert!(!is_kept("cache-control", "max-age=60, No-Store"));
        assert!(!is_kept("cache-control", "private=\"x\""));
        assert!(!is_kept("vary", "accept, cookie"));
        assert!(!is_kept("vary", "*"));
        assert!(!is_kept("set-cookie", "a=b"));
    }
}
