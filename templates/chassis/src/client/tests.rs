//! A service that does not do well, and what it gets to see of those who call it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, serve};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::{Address, Caller, Client, Failure, Settings, TIMEOUT};
use crate::trace::{REQUEST_ID, TRACEPARENT};

/// A service that answers the requests it gets, counted from 0, in its own way.
async fn service<F>(answer: F) -> (Address, Arc<AtomicUsize>)
where
    F: Fn(usize, &Request) -> Response + Clone + Send + Sync + 'static,
{
    let calls = Arc::new(AtomicUsize::new(0));
    let count = calls.clone();
    let app = Router::new().fallback(async move |request: Request| {
        let call = count.fetch_add(1, Ordering::SeqCst);
        if request.uri().path() == "/slow" {
            sleep(Duration::from_mins(1)).await;
        }
        answer(call, &request)
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async { serve(listener, app).await });
    (Address::local(port), calls)
}

fn client(address: &Address, change: impl FnOnce(&mut Settings)) -> Client {
    let mut settings = Settings::default();
    change(&mut settings);
    Client::new("things", address, &settings).unwrap()
}

fn failing_once(call: usize) -> Response {
    if call == 0 {
        StatusCode::BAD_GATEWAY.into_response()
    } else {
        "\"fine\"".into_response()
    }
}

#[tokio::test]
async fn only_what_may_be_done_twice_is_repeated() {
    for (method, if_match, expected) in [
        (Method::GET, None, 2),
        (Method::PUT, None, 2),
        (Method::PUT, Some("\"1\""), 1),
        (Method::POST, None, 1),
    ] {
        let (address, calls) = service(|call, _| failing_once(call)).await;
        let client = client(&address, |_| ());
        let call = client.call(method.clone(), "/").if_match(if_match);
        let outcome = call.read::<String>().await;
        assert_eq!(outcome.is_ok(), expected == 2, "{method} {outcome:?}");
        assert_eq!(calls.load(Ordering::SeqCst), expected, "{method}");
    }
    let (address, _) = service(|call, _| failing_once(call)).await;
    let client = client(&address, |_| ());
    let outcome = client.call(Method::POST, "/").once(None).done().await;
    assert_eq!(outcome, Ok(()), "it has a key");
}

#[tokio::test]
async fn a_service_that_fails_is_left_alone() {
    let (address, calls) = service(|_, _| StatusCode::BAD_GATEWAY.into_response()).await;
    let client = client(&address, |_| ());
    for _ in 0..30 {
        let outcome = client.call(Method::POST, "/").done().await;
        assert!(outcome.is_err());
    }
    let outcome = client.call(Method::POST, "/").done().await;
    assert!(matches!(outcome, Err(Failure::Resting(_))), "{outcome:?}");
    assert!(calls.load(Ordering::SeqCst) < 30);
}

#[tokio::test]
async fn the_time_that_is_left_the_trace_and_the_token_go_along() {
    let (address, _) = service(|_, request| {
        let header = |name| request.headers()[name].to_str().unwrap().to_owned();
        let told = [TIMEOUT, TRACEPARENT, REQUEST_ID, AUTHORIZATION].map(header);
        serde_json::json!(told).to_string().into_response()
    })
    .await;
    let mut headers = HeaderMap::new();
    headers.insert(TIMEOUT, 2000.into());
    headers.insert(REQUEST_ID, "abc-1".parse().unwrap());
    headers.insert(AUTHORIZATION, "Bearer abc".parse().unwrap());
    let caller = Caller::of(&headers, &axum::http::Extensions::new());
    let client = client(&address, |_| ()).on_behalf_of(&caller);
    let told: [String; 4] = client.call(Method::GET, "/").read().await.unwrap();
    assert!((1..=2000).contains(&told[0].parse::<u32>().unwrap()));
    assert_eq!(told[1], caller.trace.to_string());
    assert_eq!(told[2], "abc-1");
    assert_eq!(told[3], "Bearer abc");

    headers.insert(TIMEOUT, 50.into());
    let caller = Caller::of(&headers, &axum::http::Extensions::new());
    let impatient = client.on_behalf_of(&caller);
    let outcome = impatient.call(Method::GET, "/slow").done().await;
    assert_eq!(outcome, Err(Failure::Impatient));
}

#[tokio::test]
async fn callers_without_patience_do_not_close_a_service_to_others() {
    let (address, _) = service(|_, _| StatusCode::OK.into_response()).await;
    let client = client(&address, |_| ());
    let headers = HeaderMap::from_iter([(TIMEOUT, 1.into())]);
    for _ in 0..30 {
        let caller = Caller::of(&headers, &axum::http::Extensions::new());
        let impatient = client.on_behalf_of(&caller);
        let outcome = impatient.call(Method::GET, "/slow").done().await;
        assert_eq!(outcome, Err(Failure::Impatient));
    }
    assert_eq!(client.call(Method::GET, "/").done().await, Ok(()));
}

#[tokio::test]
async fn no_more_calls_than_allowed_are_under_way() {
    let (address, _) = service(|_, _| StatusCode::OK.into_response()).await;
    let client = client(&address, |settings| settings.concurrency = 1);
    let first = client.clone();
    let slow = tokio::spawn(async move { first.call(Method::GET, "/slow").done().await });
    let mut outcome = Ok(());
    while outcome.is_ok() {
        sleep(Duration::from_millis(5)).await;
        outcome = client.call(Method::GET, "/").done().await;
    }
    assert_eq!(outcome, Err(Failure::Busy));
    slow.abort();
}

#[tokio::test]
async fn refusals_are_told_with_their_fields() {
    let (address, _) = service(|_, request| {
        assert_eq!(request.uri().to_string(), "/things/a%2F%2E%2E?name=x+y");
        let body = r#"{"status":400,"title":"Bad Request","errors":[{"field":"name","detail":"is long"}]}"#;
        (StatusCode::BAD_REQUEST, body).into_response()
    })
    .await;
    let client = client(&address, |_| ());
    let call = client.call(Method::GET, "/things/{id}").path("id", "a/..");
    let call = call.query(&serde_json::json!({ "name": "x y", "more": null }));
    let Err(Failure::Refused(refusal)) = call.done().await else {
        panic!("it was not refused");
    };
    assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
    assert_eq!(refusal.errors[0].field, "name");
}
