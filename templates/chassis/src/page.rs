//! Lists in pages: a bare JSON array, and in the `Link` header (RFC 8288) where the next page is.

use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::ToSchema;

use crate::cursor;
use crate::problem::{FieldError, Problem};
use crate::schema::Rules;

pub use query::PageQuery;

mod own;
mod query;
#[cfg(test)]
mod tests;

const DEFAULT_LIMIT: i64 = 20;
const MAXIMUM_LIMIT: i64 = 100;

/// The parameter that names the order of a list. A cursor holds for one order only.
const SORT: &str = "sort";

/// A list that can be neither filtered nor sorted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Everything {}

/// Which page is asked for, and of which list: `Q` holds the parameters that are its own. A page
/// begins behind the entry that its cursor names: unlike with offsets, entries that come or go in
/// between shift nothing, and the last page costs no more than the first.
pub struct PageRequest<K, Q = Everything> {
    /// Path and parameters that lead to other pages of the same list.
    address: String,
    sort: Option<String>,
    /// Which entries are asked for, and in which order.
    pub query: Q,
    /// At most so many entries.
    pub limit: i64,
    /// Where the page before ended.
    pub after: Option<K>,
}

impl<S, K, Q> FromRequestParts<S> for PageRequest<K, Q>
where
    S: Send + Sync,
    K: DeserializeOwned,
    Q: DeserializeOwned + ToSchema + 'static,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) = pairs.map_err(|rejection| Problem::new(rejection.status()))?;
        Self::parse(parts.uri.path(), pairs).map_err(Problem::invalid)
    }
}

impl<K: DeserializeOwned, Q: DeserializeOwned + ToSchema + 'static> PageRequest<K, Q> {
    fn parse(path: &str, pairs: Vec<(String, String)>) -> Result<Self, Vec<FieldError>> {
        let is_paging = |(name, _): &(String, String)| name == "limit" || name == "cursor";
        let (paging, own): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_paging);
        let address = form_urlencoded::Serializer::for_suffix(format!("{path}?"), path.len() + 1)
            .extend_pairs(&own)
            .finish();
        let sort = own.iter().find(|(name, _)| name == SORT);
        let sort = sort.map(|(_, value)| value.clone());

        let (mut limit, mut after, mut errors) = (DEFAULT_LIMIT, None, Vec::new());
        for (name, value) in paging {
            if name == "cursor" {
                after = cursor::decode(sort.as_deref(), &value);
                if after.is_none() {
                    errors.push(FieldError::new(name, "is not a cursor of this list"));
                }
            } else {
                match value.parse() {
                    Ok(number @ 1..=MAXIMUM_LIMIT) => limit = number,
                    _ => errors.push(FieldError::new(name, "must be a number from 1 to 100")),
                }
            }
        }
        let query = Rules::of::<Q>().read_query(own).and_then(|query| {
            let query = serde_json::from_value(query);
            query.map_err(|error| vec![FieldError::new("", error.to_string())])
        });
        match query {
            Ok(query) if errors.is_empty() => Ok(Self {
                address,
                sort,
                query,
                limit,
                after,
            }),
            Ok(_) => Err(errors),
            Err(others) => Err([errors, others].concat()),
        }
    }
}

impl<K: Serialize, Q> PageRequest<K, Q> {
    /// One more than the page holds: its presence tells that there is a next page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Makes the page out of up to [`PageRequest::rows`] entries.
    pub fn of<T>(&self, mut entries: Vec<T>, place: impl Fn(&T) -> K) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or_default();
        let has_next = entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().filter(|_| has_next);
        let next = last.map(|last| {
            let cursor = cursor::encode(self.sort.as_deref(), &place(last));
            let separator = if self.address.ends_with('?') { "" } else { "&" };
            let address = &self.address;
            format!("<{address}{separator}limit={limit}&cursor={cursor}>; rel=\"next\"")
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
