//! What clients are told when services do not do well.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request as Builder, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;

use crate::support::{Gateway, Route, Service};

fn orders() -> Route {
    Route::new("/orders", "orders")
}

/// A service that is unavailable for some calls, and then well.
async fn shaky(failures: usize) -> (Service, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let answer = any(async move || match counted.fetch_add(1, Ordering::SeqCst) {
        call if call < failures => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => "well".into_response(),
    });
    let service = Service::with(Router::new().route("/orders", answer)).await;
    (service, calls)
}

#[tokio::test]
async fn a_service_that_is_not_there_is_a_problem() {
    let gateway = Gateway::to(&Service::gone()).await;
    let answer = gateway.get("/orders").await;
    answer.problem(503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn a_service_that_takes_too_long_is_given_up() {
    let never = any(async || tokio::time::sleep(Duration::MAX).await);
    let service = Service::with(Router::new().route("/orders", never)).await;
    let table = vec![orders().timeout(Duration::from_millis(100))];
    let gateway = Gateway::start(table, &[("orders", &service)], |_| ()).await;
    gateway.get("/orders").await.problem(504);
}

#[tokio::test]
async fn only_what_may_be_done_twice_is_tried_again() {
    let (service, calls) = shaky(1).await;
    let gateway = Gateway::to(&service).await;
    assert_eq!(gateway.get("/orders").await.text, "well");
    assert_eq!(calls.load(Ordering::SeqCst), 2);

    for (method, body) in [("POST", Body::empty()), ("PUT", Body::from("x"))] {
        let (service, calls) = shaky(1).await;
        let gateway = Gateway::to(&service).await;
        let request = Builder::<()>::builder().method(method).uri("/orders");
        let answer = gateway.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(calls.load(Ordering::SeqCst), 1, "{method}");
    }
}

#[tokio::test]
async fn retries_are_few_in_relation_to_requests() {
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = reads.clone();
    let fails = any(async move || {
        counted.fetch_add(1, Ordering::SeqCst);
        StatusCode::SERVICE_UNAVAILABLE
    });
    // Most of what is asked goes well, so that the service is not left alone.
    let service = Router::new().route("/orders", fails);
    let service = Service::with(service.route("/orders/well", any(async || "well"))).await;
    let gateway = Gateway::to(&service).await;
    for _ in 0..20 {
        for _ in 0..5 {
            let well = Builder::post("/orders/well").body(Body::empty()).unwrap();
            assert_eq!(gateway.send(well).await.text, "well");
        }
        assert_eq!(gateway.get("/orders").await.status.as_u16(), 503);
    }
    // Each may be sent twice more, all together a fifth as often as there are requests, and twice a
    // second: in ten seconds 24 times.
    let retries = reads.load(Ordering::SeqCst) - 20;
    assert!((20..=24).contains(&retries), "{retries}");
}

#[tokio::test]
async fn a_service_that_fails_is_left_alone_and_tried_later() {
    let (service, calls) = shaky(20).await;
    let gateway = Gateway::start(vec![orders()], &[("orders", &service)], |settings| {
        settings.breaker_wait = Duration::from_millis(300);
    })
    .await;
    let post = || gateway.send(Builder::post("/orders").body(Body::empty()).unwrap());
    for _ in 0..20 {
        assert_eq!(post().await.header("retry-after"), "");
    }
    let answer = post().await;
    answer.problem(503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(calls.load(Ordering::SeqCst), 20, "it has its quiet");
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(post().await.text, "well");
}

#[tokio::test]
async fn a_busy_service_gets_no_more_than_it_can_take() {
    let (open, gate) = tokio::sync::watch::channel(false);
    let waits = any(async move || {
        let mut gate = gate.clone();
        let _ = gate.wait_for(|is_open| *is_open).await;
        "done"
    });
    let service = Service::with(Router::new().route("/orders", waits)).await;
    let gateway = Gateway::start(vec![orders()], &[("orders", &service)], |settings| {
        settings.concurrency = 1;
    })
    .await;
    let (first, second) = tokio::join!(gateway.get("/orders"), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let second = gateway.get("/orders").await;
        open.send_replace(true);
        second
    });
    second.problem(503);
    assert_eq!(second.header("retry-after"), "1");
    assert_eq!(first.text, "done");
    assert_eq!(gateway.get("/orders").await.text, "done");
}

#[tokio::test]
async fn old_answers_are_better_than_none_where_the_route_says_so() {
    let service = Service::start().await;
    let table = vec![
        orders().stale_for(Duration::from_mins(1)),
        Route::new("/words", "orders").default_answer("[]"),
        Route::new("/plain", "orders"),
    ];
    let gateway = Gateway::start(table, &[("orders", &service)], |_| ()).await;
    let personal = |path: &str| {
        let request = Builder::get(path).header("authorization", "Bearer x");
        request.body(Body::empty()).unwrap()
    };
    gateway.get("/orders/1").await;
    gateway.send(personal("/orders/2")).await;

    service.answer_with(503);
    let stale = gateway.get("/orders/1").await;
    assert_eq!(
        (stale.status, stale.text.as_str()),
        (StatusCode::OK, "/orders/1")
    );
    assert_eq!(stale.header("x-degraded"), "stale");
    assert_eq!(stale.header("cache-control"), "no-store");
    assert!(!stale.header("age").is_empty());
    // Nobody gets what was meant for somebody.
    for request in [personal("/orders/1"), personal("/orders/2")] {
        assert_eq!(gateway.send(request).await.status.as_u16(), 503);
    }
    assert_eq!(gateway.get("/orders/2").await.status.as_u16(), 503);

    let default = gateway.get("/words").await;
    assert_eq!(
        (default.status, default.text.as_str()),
        (StatusCode::OK, "[]")
    );
    assert_eq!(default.header("x-degraded"), "default");
    assert_eq!(gateway.get("/plain").await.status.as_u16(), 503);

    let metrics = chassis::metrics::render().await;
    for line in [
        "gateway_degraded_total{service=\"orders\",kind=\"stale\"}",
        "gateway_degraded_total{service=\"orders\",kind=\"default\"}",
        "client_requests_total{service=\"orders\",outcome=\"5xx\"}",
        "client_retries_total{service=\"orders\"}",
        "client_in_flight{service=\"orders\"}",
        "client_breaker_state{service=\"orders\"}",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    assert!(!metrics.contains("/orders/1"), "labels hold no paths");
}
