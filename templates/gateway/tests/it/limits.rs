//! What clients and browsers are held to.

use axum::body::Body;
use axum::http::{Request as Builder, StatusCode};

use crate::support::{Answer, Gateway, Route, Service, Settings};

async fn gateway(change: impl FnOnce(&mut Settings)) -> (Gateway, Service) {
    let service = Service::start().await;
    let table = vec![Route::new("/orders", "orders")];
    let gateway = Gateway::start(table, &[("orders", &service)], change).await;
    (gateway, service)
}

async fn get_from(gateway: &Gateway, client: &str) -> Answer {
    let request = Builder::get("/orders").header("x-forwarded-for", client);
    gateway.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn who_asks_too_much_has_to_wait() {
    let (gateway, service) = gateway(|settings| {
        settings.rate_limit = 1;
        settings.rate_burst = 2;
    })
    .await;
    // Nobody is believed who says that he is somebody else.
    assert_eq!(get_from(&gateway, "1.1.1.1").await.status, StatusCode::OK);
    assert_eq!(get_from(&gateway, "1.1.1.2").await.status, StatusCode::OK);
    let refused = get_from(&gateway, "1.1.1.3").await;
    refused.problem(429);
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(service.seen().len(), 2);
    let metrics = chassis::metrics::render().await;
    assert!(metrics.contains("gateway_rate_limited_total"));
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_counts_for_itself() {
    let (gateway, service) = gateway(|settings| {
        settings.rate_limit = 1;
        settings.rate_burst = 1;
        settings.trusted_proxies = 1;
    })
    .await;
    assert_eq!(get_from(&gateway, "1.1.1.1").await.status, StatusCode::OK);
    get_from(&gateway, "1.1.1.1").await.problem(429);
    get_from(&gateway, "6.6.6.6, 1.1.1.1").await.problem(429);
    assert_eq!(get_from(&gateway, "1.1.1.2").await.status, StatusCode::OK);
    let seen = service.seen();
    assert_eq!(seen[1].header("x-forwarded-for"), "1.1.1.2, 127.0.0.1");
}

#[tokio::test]
async fn browsers_may_call_from_named_pages_only() {
    let preflight = |origin: &str| {
        Builder::options("/orders")
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "if-match")
            .body(Body::empty())
            .unwrap()
    };
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    let page = "https://shop.example";
    let (closed, _service) = gateway(|_| ()).await;
    assert_eq!(allowed(&closed.send(preflight(page)).await), "");

    let (open, service) = gateway(|settings| settings.cors_origins = page.parse().unwrap()).await;
    let answer = open.send(preflight(page)).await;
    assert_eq!(allowed(&answer), page);
    assert_eq!(answer.header("access-control-allow-methods"), "PUT");
    assert_eq!(answer.header("access-control-allow-headers"), "if-match");
    assert!(
        service.seen().is_empty(),
        "the gateway answers for the service"
    );
    assert_eq!(
        allowed(&open.send(preflight("https://evil.example")).await),
        ""
    );
}

#[tokio::test]
async fn answers_tell_browsers_to_be_careful() {
    let (gateway, _service) = gateway(|settings| settings.trusted_proxies = 1).await;
    let request = Builder::get("/orders").header("x-forwarded-proto", "https");
    let answer = gateway.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age")
    );
    let answer = gateway.get("/orders").await;
    assert_eq!(
        answer.header("strict-transport-security"),
        "",
        "it came without TLS"
    );
}
