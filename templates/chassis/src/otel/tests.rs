//! What a collector gets.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower::ServiceExt;

use super::{Otel, Settings};
use crate::resource::Resource;
use crate::settings;
use crate::trace::TraceContext;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

type Received = mpsc::UnboundedReceiver<Bytes>;

/// A collector that keeps what it gets, and its address.
async fn collector() -> (String, Received) {
    let (sender, received) = mpsc::unbounded_channel::<Bytes>();
    let receive = async |State(sender): State<mpsc::UnboundedSender<Bytes>>, body: Bytes| {
        sender.send(body).unwrap();
    };
    let app = Router::new().route("/v1/traces", post(receive));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, app.with_state(sender)).into_future());
    (url, received)
}

fn at(collector: &str) -> Otel {
    let mut given = settings::Settings::of(&[("OTEL_EXPORTER_OTLP_ENDPOINT", collector)]);
    Otel::new(&Settings::read(&mut given), "shop", "0.1.0").unwrap()
}

/// Asks a service that shows its part of the trace; the answer is that.
async fn ask(otel: &Otel, flags: &str) -> String {
    let show = async |Extension(context): Extension<TraceContext>| context.to_string();
    let app = otel.around(Router::new().route("/things/{id}", get(show)));
    let request = Request::get("/things/7").header(
        "traceparent",
        format!("00-{TRACE}-b7ad6b7169203331-{flags}"),
    );
    let answer = app.oneshot(request.body(Body::empty()).unwrap()).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn a_span_is_sent_with_its_route_and_its_parent() {
    let (url, mut received) = collector().await;
    let otel = at(&url);
    let shown = ask(&otel, "01").await;
    assert!(
        shown.starts_with(&format!("00-{TRACE}-")) && shown.ends_with("-01"),
        "{shown}"
    );

    // What waits is sent before the end.
    otel.close().await;
    let body = timeout(Duration::from_secs(30), received.recv()).await;
    let body = body.unwrap().unwrap();
    for part in ["GET /things/{id}", "/things/7", "shop"] {
        assert!(holds(&body, part.as_bytes()), "{part}");
    }
    let trace = u128::from_str_radix(TRACE, 16).unwrap().to_be_bytes();
    let span = u64::from_str_radix(&shown[36..52], 16)
        .unwrap()
        .to_be_bytes();
    let parent = 0xb7ad_6b71_6920_3331_u64.to_be_bytes();
    assert!(holds(&body, &trace) && holds(&body, &span) && holds(&body, &parent));
}

#[tokio::test]
async fn whoever_began_the_trace_decides_whether_it_is_kept() {
    let (url, mut received) = collector().await;
    let otel = at(&url);
    let shown = ask(&otel, "00").await;
    assert!(
        shown.starts_with(&format!("00-{TRACE}-")) && shown.ends_with("-00"),
        "{shown}"
    );
    otel.close().await;
    drop(otel);
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn a_collector_that_is_away_costs_no_request() {
    let otel = at("http://127.0.0.1:9");
    assert!(ask(&otel, "01").await.contains(TRACE));
    otel.close().await;
}
