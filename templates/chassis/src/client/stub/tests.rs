//! A service that does not do well, and what it gets to see of those who call it.

use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Extensions, HeaderMap};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Full};
use tokio::net::TcpListener;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::client::{Address, Caller, Client, Failure, Settings, TIMEOUT};
use crate::rpc::{Limits, http2};
use crate::server::accept;
use crate::trace::{REQUEST_ID, TRACEPARENT};

const METHOD: &str = "/test.Things/Get";

/// A service that answers the calls it gets, counted from 0, in its own way.
async fn service<F>(answer: F) -> (Client, Arc<AtomicUsize>)
where
    F: Fn(usize, &Request) -> Response + Clone + Send + Sync + 'static,
{
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    let app = Router::new().fallback(async move |request: Request| {
        answer(count.fetch_add(1, Ordering::SeqCst), &request)
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::local(listener.local_addr().unwrap().port());
    tokio::spawn(accept(listener, http2(app, Limits::default()), pending()));
    (client(&address), calls)
}

fn client(address: &Address) -> Client {
    Client::by_grpc("things", address, &Settings::default()).unwrap()
}

/// A message without fields (one byte says that it is not compressed, four how long it is), and the
/// status behind it.
fn fine() -> Response {
    let kind = [(CONTENT_TYPE, "application/grpc")];
    let mut status = HeaderMap::new();
    status.insert("grpc-status", 0.into());
    let message = Full::new(Bytes::from_static(&[0; 5]));
    let body = message.with_trailers(ready(Some(Ok(status))));
    (kind, Body::new(body)).into_response()
}

#[tokio::test]
async fn only_what_may_be_done_twice_is_repeated() {
    let failing_once = |call: usize, _: &Request| match call {
        0 => Status::unavailable("").into_http(),
        _ => fine(),
    };
    let (client, calls) = service(failing_once).await;
    let answer: Result<(), _> = client.ask(METHOD, &()).await;
    assert_eq!(answer, Ok(()));
    assert_eq!(calls.load(Ordering::SeqCst), 2);

    let (client, calls) = service(failing_once).await;
    let answer: Result<(), _> = client.tell(METHOD, &()).await;
    assert_eq!(answer.unwrap_err().status().unwrap(), 503);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_service_that_is_away_is_told_from_one_that_refuses() {
    let nobody: Result<(), _> = client(&Address::local(1)).tell(METHOD, &()).await;
    assert_eq!(nobody, Err(Failure::Unreachable));

    let (client, _) = service(|_, _| {
        let details = ErrorDetails::with_bad_request_violation("thing.name", "is long");
        let status = Status::with_error_details(Code::InvalidArgument, "No.", details);
        status.into_http()
    })
    .await;
    let refused: Result<(), _> = client.tell(METHOD, &()).await;
    let Err(Failure::Refused(refusal)) = refused else {
        panic!("it was not refused");
    };
    assert_eq!(refusal.status, 400);
    assert_eq!(refusal.detail.as_deref(), Some("No."));
    assert_eq!(refusal.errors[0].field, "thing.name");
}

#[tokio::test]
async fn a_service_that_fails_is_left_alone() {
    let (client, calls) = service(|_, _| Status::unavailable("").into_http()).await;
    for _ in 0..30 {
        let answer: Result<(), _> = client.tell(METHOD, &()).await;
        assert!(answer.is_err());
    }
    let answer: Result<(), _> = client.tell(METHOD, &()).await;
    assert!(matches!(answer, Err(Failure::Resting(_))), "{answer:?}");
    assert!(calls.load(Ordering::SeqCst) < 30);
}

#[tokio::test]
async fn the_time_that_is_left_the_trace_and_the_token_go_along() {
    let (client, _) = service(|_, request| {
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        let told = ["grpc-timeout", TRACEPARENT.as_str(), AUTHORIZATION.as_str()].map(header);
        Status::not_found(told.join(" ")).into_http()
    })
    .await;
    let mut headers = HeaderMap::new();
    headers.insert(TIMEOUT, 2000.into());
    headers.insert(REQUEST_ID, "abc-1".parse().unwrap());
    headers.insert(AUTHORIZATION, "Bearer abc".parse().unwrap());
    let caller = Caller::of(&headers, &Extensions::new());
    let answer: Result<(), _> = client.on_behalf_of(&caller).ask(METHOD, &()).await;
    let Err(Failure::Refused(refusal)) = answer else {
        panic!("it was not refused");
    };
    let told = refusal.detail.unwrap_or_default();
    let (left, told) = told.split_once(' ').unwrap();
    assert!(left.ends_with('u'), "{left}");
    assert!(left.trim_end_matches('u').parse::<u32>().unwrap() <= 2_000_000);
    assert_eq!(told, format!("{} Bearer abc", caller.trace));
}

#[tokio::test]
async fn a_service_that_keeps_to_the_time_of_its_caller_is_well() {
    let (client, _) = service(|_, request| match request.uri().path() {
        METHOD => fine(),
        _ => Status::deadline_exceeded("").into_http(),
    })
    .await;
    let headers = HeaderMap::from_iter([(TIMEOUT, 1000.into())]);
    for _ in 0..30 {
        let impatient = client.on_behalf_of(&Caller::of(&headers, &Extensions::new()));
        let answer: Result<(), _> = impatient.ask("/test.Things/Slow", &()).await;
        assert_eq!(answer, Err(Failure::Impatient));
    }
    let answer: Result<(), _> = client.ask(METHOD, &()).await;
    assert_eq!(answer, Ok(()));
}
