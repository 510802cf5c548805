{% if options.grpc -%}
//! What a call tells beside its message. Headers mean other things to gRPC than to HTTP, so only
//! those that are known to mean the same go on.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use chassis::trace::{REQUEST_ID, TRACEPARENT};
use tonic::metadata::MetadataMap;

use crate::origin::{FORWARDED_FOR, FORWARDED_HOST, FORWARDED_PROTO};
use crate::upstream::Deadline;

const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

const PASSED_ON: [HeaderName; {% if options.auth == "jwt" %}11{% else %}10{% endif %}] = [
    header::ACCEPT_LANGUAGE,
    header::AUTHORIZATION,
    header::VIA,
    FORWARDED_FOR,
    FORWARDED_HOST,
    FORWARDED_PROTO,
    REQUEST_ID,
    TRACEPARENT,
{%- if options.auth == "jwt" %}
    crate::auth::IDENTITY,
{%- endif %}
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("tracestate"),
];

/// From the headers of a request, as services get them, to the metadata of a call.
pub fn of(headers: &HeaderMap, deadline: Deadline) -> MetadataMap {
    let mut metadata = HeaderMap::new();
    for name in PASSED_ON {
        for value in headers.get_all(&name) {
            metadata.append(name.clone(), value.clone());
        }
    }
    metadata.insert(TIMEOUT, timeout(deadline.left()));
    MetadataMap::from_headers(metadata)
}

/// At most eight digits, and a unit.
fn timeout(left: Duration) -> HeaderValue {
    let milliseconds = left.as_millis().clamp(1, 99_999_999);
    HeaderValue::from_str(&format!("{milliseconds}m")).unwrap_or(HeaderValue::from_static("1S"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::timeout;

    #[test]
    fn a_timeout_is_never_nothing_nor_too_long_to_be_written() {
        assert_eq!(timeout(Duration::ZERO), "1m");
        assert_eq!(timeout(Duration::from_millis(1500)), "1500m");
        assert_eq!(timeout(Duration::from_hours(999)), "99999999m");
    }
}
{% endif -%}
