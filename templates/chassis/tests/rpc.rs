//! What happens around a call, whatever its method does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use chassis::health::Readiness;
use chassis::metrics;
use chassis::rpc::{self, Api, Limits};
use tonic::server::NamedService;
use tonic::{Code, Status};
use tower::{Service, ServiceExt};

/// A service whose methods do what none should.
#[derive(Clone)]
struct Strange;

impl NamedService for Strange {
    const NAME: &'static str = "test.Strange";
}

impl Service<Request<tonic::body::Body>> for Strange {
    type Response = Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Self::Future {
        Box::pin(async move {
            let method = request.uri().path();
            assert!(method != "/test.Strange/Panic", "on purpose");
            if method == "/test.Strange/Slow" {
                tokio::time::sleep(Duration::MAX).await;
            }
            Ok(Status::unimplemented("").into_http())
        })
    }
}

/// Calls a method; the service allows it a minute, the client less, if it says so.
async fn call(method: &str, timeout: Option<&str>, limit: Duration) -> Response<Body> {
    let limits = Limits {
        call: limit,
        ..Limits::default()
    };
    let api = Api::new(&[]).with(Strange);
    let app = rpc::build(api, Readiness::default(), limits);
    let mut request = Request::post(method);
    if let Some(timeout) = timeout {
        request = request.header("grpc-timeout", timeout);
    }
    let request = request.body(Body::empty()).unwrap();
    app.unwrap().oneshot(request).await.unwrap()
}

fn status(response: &Response<Body>) -> Status {
    assert!(response.headers().contains_key("x-request-id"));
    Status::from_header_map(response.headers()).unwrap()
}

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_panic_ends_one_call_and_tells_nothing() {
    let status = status(&call("/test.Strange/Panic", None, MINUTE).await);
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("purpose"), "{status:?}");
}

#[tokio::test]
async fn a_call_ends_when_its_client_waits_no_longer() {
    let status = status(&call("/test.Strange/Slow", Some("20m"), MINUTE).await);
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn no_client_can_ask_for_more_time_than_there_is() {
    let limit = Duration::from_millis(20);
    let status = status(&call("/test.Strange/Slow", Some("1H"), limit).await);
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn invented_methods_are_one_series() {
    metrics::init();
    for method in ["/test.Strange/One", "/no.Service/Two"] {
        let status = status(&call(method, None, MINUTE).await);
        assert_eq!(status.code(), Code::Unimplemented);
    }
    let metrics = metrics::render().await;
    assert!(metrics.contains("grpc_method=\"unknown\",grpc_code=\"Unimplemented\"} 2"));
    assert!(
        !metrics.contains("One") && !metrics.contains("Two"),
        "{metrics}"
    );
}
