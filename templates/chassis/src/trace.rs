//! Who asked: the request id, and the W3C trace context that ties the logs of all services
//! together.

use std::fmt;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use uuid::Uuid;

tokio::task_local! {
    /// What is being worked on.
    static CURRENT: TraceContext;
}

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Longer request ids than this are replaced.
const REQUEST_ID_LIMIT: usize = 128;

/// The ids of one request. Handlers find them among the request's extensions, and all that they call
/// by [`current`]; what goes out passes on [`TraceContext::traceparent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    /// The client's `x-request-id` or a fresh one.
    pub request_id: HeaderValue,
    /// Shared by all that one request at the edge sets off.
    pub trace_id: u128,
    /// Our part of the trace.
    pub span_id: u64,
    /// Whether the trace is sampled is decided where it begins.
    pub flags: u8,
}

impl TraceContext {
    /// That of a request: whoever has looked at it before may have said.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let known = request.extensions().get::<Self>().cloned();
        known.unwrap_or_else(|| Self::from_headers(request.headers()))
    }

    /// Takes over what the client sent, as far as it is well-formed, and makes up the rest.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let fresh = Uuid::new_v4();
        let request_id = headers
            .get(REQUEST_ID)
            .filter(|id| is_request_id(id))
            .cloned();
        let parent = headers
            .get(TRACEPARENT)
            .and_then(|value| parse_traceparent(value.to_str().ok()?));
        let (trace_id, flags) = parent.unwrap_or((fresh.as_u128(), 0));
        Self {
            request_id: request_id.unwrap_or_else(|| header_value(&fresh.to_string())),
            trace_id,
            span_id: fresh.as_u64_pair().1,
            flags,
        }
    }

    /// Does some work as a part of this trace.
    pub fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, work)
    }

    /// The header for calls to other services.
    #[must_use]
    pub fn traceparent(&self) -> HeaderValue {
        header_value(&self.to_string())
    }
}

/// Has a request answered as a part of its trace: every line that is logged meanwhile shows its ids,
/// and the answer its id.
pub async fn answer<F>(mut request: Request, answer: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let context = TraceContext::of(&request);
    request.extensions_mut().insert(context.clone());
    let request_id = context.request_id.clone();
    let mut response = context.scope(answer(request)).await;
    response.headers_mut().insert(REQUEST_ID, request_id);
    response
}

/// The ids of what is being worked on: of a request, as a rule.
#[must_use]
pub fn current() -> Option<TraceContext> {
    CURRENT.try_with(Clone::clone).ok()
}

/// As in a `traceparent` header.
impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{:032x}-{:016x}-{:02x}",
            self.trace_id, self.span_id, self.flags
        )
    }
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("invalid"))
}

fn is_request_id(id: &HeaderValue) -> bool {
    !id.is_empty() && id.len() <= REQUEST_ID_LIMIT && id.as_bytes().iter().all(u8::is_ascii_graphic)
}

/// `<version>-<trace id>-<parent id>-<flags>` -> trace id and flags; later versions may append
/// more.
fn parse_traceparent(text: &str) -> Option<(u128, u8)> {
    let mut parts = text.split('-');
    let version = hex(parts.next()?, 2)?;
    let trace_id = hex(parts.next()?, 32)?;
    let parent_id = hex(parts.next()?, 16)?;
    let flags = hex(parts.next()?, 2)?;
    let is_valid = version != 0xff
        && trace_id != 0
        && parent_id != 0
        && (version > 0 || parts.next().is_none());
    is_valid.then_some((trace_id, u8::try_from(flags).ok()?))
}

fn hex(text: &str, length: usize) -> Option<u128> {
    let is_lower_hex = text.len() == length
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_lower_hex
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{REQUEST_ID, TRACEPARENT, TraceContext, parse_traceparent};

    #[test]
    fn goes_on_with_the_trace_of_the_caller() {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, "abc-1".parse().unwrap());
        headers.insert(
            TRACEPARENT,
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                .parse()
                .unwrap(),
        );
        let context = TraceContext::from_headers(&headers);
        assert_eq!(context.request_id, "abc-1");
        let passed_on = context.traceparent();
        let passed_on = passed_on.to_str().unwrap();
        assert!(
            passed_on.starts_with("00-0af7651916cd43dd8448eb211c80319c-")
                && passed_on.ends_with("-01")
        );
        assert!(
            !passed_on.contains("b7ad6b7169203331"),
            "our span is not the caller's"
        );
    }

    #[test]
    fn replaces_what_is_malformed() {
        assert_eq!(
            parse_traceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
            None
        );
        assert_eq!(
            parse_traceparent("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            None
        );
        assert_eq!(
            parse_traceparent("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            None
        );
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, "two words".parse().unwrap());
        assert_ne!(TraceContext::from_headers(&headers).request_id, "two words");
    }
}
