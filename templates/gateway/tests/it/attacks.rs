//! What people try on gateways.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request as Builder, StatusCode};

use crate::support::{Gateway, Service, VIA, listen};

/// A raw request, whose connection ends with it.
fn request(line: &str, headers: &str, body: &str) -> String {
    format!("{line} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{headers}\r\n{body}")
}

#[tokio::test]
async fn it_connects_to_the_services_of_its_table_and_nowhere_else() {
    let (evil, listener) = listen().await;
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    for (target, status) in [
        (format!("GET //{evil}/"), "404"),
        (format!("GET /orders//{evil}/"), "400"),
        (format!("GET /orders@{evil}/"), "404"),
        (format!("GET @{evil}/orders"), "400"),
        (format!("GET /orders/%2f%2f{evil}"), "400"),
        (format!("GET /orders\\@{evil}/"), "40"),
        ("GET /orders/../admin".to_owned(), "400"),
        ("GET /orders/%2e%2e/admin".to_owned(), "400"),
        ("GET /orders/..%2fadmin".to_owned(), "400"),
        ("GET /orders/..;/admin".to_owned(), "400"),
        ("GET /orders/%0d%0aHost:%20evil".to_owned(), "400"),
        (format!("CONNECT {evil}"), "404"),
        (format!("GET http://{evil}/admin"), "404"),
    ] {
        let answer = gateway.raw(&request(&target, "", "")).await;
        let expected = format!("HTTP/1.1 {status}");
        assert!(answer.starts_with(&expected), "{target}: {answer}");
    }
    assert!(service.seen().is_empty(), "{:?}", service.seen());

    // These are understood: as paths of the gateway, whatever else they name.
    let whole_url = request(&format!("GET http://{evil}/orders/1"), "", "");
    let host = format!("GET /orders/@{evil} HTTP/1.1\r\nhost: {evil}\r\nconnection: close\r\n\r\n");
    for understood in [whole_url, host] {
        let answer = gateway.raw(&understood).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let lines: Vec<String> = service.seen().into_iter().map(|seen| seen.line).collect();
    assert_eq!(
        lines,
        ["GET /orders/1".to_owned(), format!("GET /orders/@{evil}")]
    );
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn nobody_smuggles_a_request_inside_another() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let inner = "GET /orders/smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    let post = |headers: &str, body: &str| request("POST /orders", headers, body);
    let long = inner.len() + 5;
    for refused in [
        post(
            &format!("content-length: 4\r\ncontent-length: {long}\r\n"),
            inner,
        ),
        post("content-length: 4, 5\r\n", inner),
        post("content-length: +4\r\n", inner),
        post("content-length: -4\r\n", inner),
        post("transfer-encoding: chunked, identity\r\n", inner),
        post("transfer-encoding: xchunked\r\n", inner),
        post(
            "transfer-encoding : chunked\r\n",
            &format!("0\r\n\r\n{inner}"),
        ),
        post(
            "transfer-encoding:\u{b}chunked\r\n",
            &format!("0\r\n\r\n{inner}"),
        ),
        post(
            "transfer-encoding: chunked\r\n",
            &format!("0x0\r\n\r\n{inner}"),
        ),
        post("x-folded: a\r\n b\r\n", ""),
        post("x-bare: a\rb: c\r\n", ""),
        post("x-null: a\0b\r\n", ""),
        post("x bad: a\r\n", ""),
    ] {
        let answer = gateway.raw(&refused).await;
        assert!(!answer.contains("HTTP/1.1 2"), "{refused}\n{answer}");
    }
    let reached = service.seen();
    assert!(
        reached.iter().all(|seen| seen.body == "broken"),
        "{reached:?}"
    );

    // Two lengths that contradict: the rule is to go by the chunks, and to end the connection.
    let headers = format!("content-length: {long}\r\ntransfer-encoding: chunked\r\n");
    let both = format!("POST /orders/both HTTP/1.1\r\nhost: x\r\n{headers}\r\n0\r\n\r\n{inner}");
    let answer = gateway.raw(&both).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    let last = service.seen().pop().unwrap();
    assert_eq!(
        (last.line.as_str(), last.body.as_str()),
        ("POST /orders/both", "")
    );
    assert!(
        service
            .seen()
            .iter()
            .all(|seen| !seen.line.contains("smuggled"))
    );
}

#[tokio::test]
async fn nobody_speaks_for_the_gateway() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let request = Builder::get("/orders")
        .header("connection", "x-forwarded-for, x-internal, via")
        .header("x-forwarded-for", "10.0.0.1")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "for=10.0.0.1")
        .header("x-real-ip", "10.0.0.1")
        .header("x-internal", "1")
        .header("proxy-authorization", "secret");
    gateway.send(request.body(Body::empty()).unwrap()).await;
    let seen = service.seen_once();
    assert_eq!(seen.header("x-forwarded-for"), "127.0.0.1");
    assert_eq!(seen.header("x-forwarded-host"), gateway.address.to_string());
    assert_eq!(seen.header("x-forwarded-proto"), "http");
    assert_eq!(seen.header("via"), VIA);
    for name in [
        "forwarded",
        "x-real-ip",
        "x-internal",
        "proxy-authorization",
        "connection",
    ] {
        assert_eq!(seen.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn too_much_is_refused() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let headers = format!("x-large: {}\r\n", "x".repeat(64 * 1024));
    let answer = gateway.raw(&request("GET /orders", &headers, "")).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let headers = (0..200).map(|number| format!("x-{number}: 1\r\n"));
    let many = request("GET /orders", &headers.collect::<String>(), "");
    assert!(gateway.raw(&many).await.starts_with("HTTP/1.1 431 "));
    assert!(service.seen().is_empty());

    let large = Builder::post("/orders").body(Body::from("x".repeat(2_000_000)));
    let answer = gateway.send(large.unwrap()).await;
    answer.problem(413);
    // One that does not say how long it is is stopped on the way.
    let chunk = format!("{:x}\r\n{}\r\n", 1_500_000, "x".repeat(1_500_000));
    let body = format!("{chunk}0\r\n\r\n");
    let chunked = request("POST /orders", "transfer-encoding: chunked\r\n", &body);
    let answer = gateway.raw(&chunked).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413 "),
        "{answer}"
    );
    assert!(service.seen().iter().all(|seen| seen.body == "broken"));
}

#[tokio::test]
async fn requests_go_in_no_circles_and_tell_no_secrets() {
    let service = Service::start().await;
    let gateway = Gateway::to(&service).await;
    let circle = Builder::get("/orders").header("via", format!("1.1 other, {VIA}"));
    let answer = gateway.send(circle.body(Body::empty()).unwrap()).await;
    answer.problem(508);
    let trace = Builder::<()>::builder().method("TRACE").uri("/orders");
    let answer = gateway.send(trace.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(service.seen().is_empty());
}
