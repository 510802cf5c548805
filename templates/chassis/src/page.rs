//! Lists in pages: a bare JSON array, and in the `Link` header (RFC 8288) where the next page is.

use std::fmt::Display;
use std::str::FromStr;

use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::IntoParams;

use crate::problem::{FieldError, Problem};

const DEFAULT_LIMIT: i64 = 20;
const MAXIMUM_LIMIT: i64 = 100;

/// The query of a list, as the API document shows it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many entries to return at most.
    #[param(minimum = 1, maximum = 100, default = 20, nullable = false)]
    pub limit: Option<i64>,
    /// Where to go on, as found in the `Link` header of the page before.
    #[param(nullable = false)]
    pub cursor: Option<String>,
}

/// Which page is asked for. A page begins behind the entry that its cursor names: unlike with
/// offsets, entries that come or go in between shift nothing, and the last page costs no more than
/// the first.
pub struct PageRequest<K> {
    path: String,
    /// At most so many entries.
    pub limit: i64,
    /// The key of the last entry of the page before.
    pub after: Option<K>,
}

impl<S: Send + Sync, K: FromStr> FromRequestParts<S> for PageRequest<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) = pairs.map_err(|rejection| Problem::new(rejection.status()))?;
        let mut errors = Vec::new();
        let (mut limit, mut after) = (DEFAULT_LIMIT, None);
        for (name, value) in pairs {
            match name.as_str() {
                "limit" => match value.parse() {
                    Ok(number @ 1..=MAXIMUM_LIMIT) => limit = number,
                    _ => errors.push(FieldError::new(name, "must be a number from 1 to 100")),
                },
                "cursor" => match value.parse() {
                    Ok(key) => after = Some(key),
                    Err(_) => errors.push(FieldError::new(name, "is not a cursor of this list")),
                },
                _ => errors.push(FieldError::new(name, "is not a parameter")),
            }
        }
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        Ok(Self {
            path: parts.uri.path().to_owned(),
            limit,
            after,
        })
    }
}

impl<K: Display> PageRequest<K> {
    /// One more than the page holds: its presence tells that there is a next page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Makes the page out of up to [`PageRequest::rows`] entries.
    pub fn of<T>(&self, mut entries: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let has_next = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().filter(|_| has_next);
        let next = last.map(|last| {
            format!(
                "<{}?limit={limit}&cursor={}>; rel=\"next\"",
                self.path,
                key(last)
            )
        });
        Page { entries, next }
    }
}

/// One page of a list.
pub struct Page<T> {
    entries: Vec<T>,
    next: Option<String>,
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self.next.map(|next| [(header::LINK, next)]);
        (link, Json(self.entries)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::PageRequest;

    #[test]
    fn links_to_the_next_page_only_if_there_is_one() {
        let request = PageRequest {
            path: "/things".to_owned(),
            limit: 2,
            after: Some(0),
        };
        let page = request.of(vec![1, 2, 3], |key| *key);
        assert_eq!(page.entries, [1, 2]);
        assert_eq!(
            page.next.as_deref(),
            Some("</things?limit=2&cursor=2>; rel=\"next\"")
        );
        assert_eq!(request.of(vec![1, 2], |key| *key).next, None);
    }
}
