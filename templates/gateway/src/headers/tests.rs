use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};

use super::{is_loop, public_location, strip_connection};
use crate::NAME;
use crate::route::Route;

#[test]
fn what_connection_names_goes_no_further() {
    let mut headers = HeaderMap::new();
    headers.append(
        header::CONNECTION,
        HeaderValue::from_static("close, X-Internal"),
    );
    headers.append(
        header::CONNECTION,
        HeaderValue::from_static("x-more ,, b@d"),
    );
    for name in [
        "x-internal",
        "x-more",
        "te",
        "upgrade",
        "keep-alive",
        "x-kept",
    ] {
        headers.append(name, HeaderValue::from_static("1"));
    }
    strip_connection(&mut headers);
    let left: Vec<&str> = headers.keys().map(header::HeaderName::as_str).collect();
    assert_eq!(left, ["x-kept"]);
}

#[test]
fn a_location_is_told_as_clients_reach_it() {
    let address = Authority::from_static("orders:8080");
    let route = Route::new("/orders", "orders").at("/v1/orders");
    let public = |location: &str| {
        let public = public_location(location, &route, &address);
        public.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(public("/v1/orders/1?x=/").as_deref(), Some("/orders/1?x=/"));
    assert_eq!(
        public("http://orders:8080/v1/orders").as_deref(),
        Some("/orders")
    );
    assert_eq!(public("https://elsewhere.example/v1/orders"), None);
    assert_eq!(public("/v1/orders-old"), None);
}

#[test]
fn a_message_that_was_here_before_is_known() {
    let mut headers = HeaderMap::new();
    headers.append(header::VIA, HeaderValue::from_static("1.1 other"));
    assert!(!is_loop(&headers));
    let via = format!("1.0 proxy, 1.1 {NAME}");
    headers.append(header::VIA, HeaderValue::from_str(&via).unwrap());
    assert!(is_loop(&headers));
}
