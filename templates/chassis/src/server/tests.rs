//! Stopping, seen from a client.

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use super::*;

#[tokio::test]
async fn requests_in_flight_are_answered_before_the_end() {
    let slow = get(async || {
        sleep(Duration::from_millis(300)).await;
        "late"
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = tokio::spawn(accept(
        listener,
        http(Router::new().route("/", slow)),
        stopped,
    ));

    let mut client = TcpStream::connect(address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n";
    client.write_all(request).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    drop(stop);
    let connections = server.await.unwrap();
    let newcomer = TcpStream::connect(address).await;
    assert!(newcomer.is_err(), "nobody new is let in");

    connections.shutdown().await;
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("late"), "{answer}");
}

#[tokio::test]
async fn a_request_that_is_on_its_way_is_answered_and_the_last() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(async || "well"));
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let server = tokio::spawn(accept(listener, http(app), stopped));

    // The connection is kept and idle when the end begins.
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: test\r\n\r\n";
    client.write_all(request).await.unwrap();
    let mut answer = [0; 4096];
    assert_ne!(client.read(&mut answer).await.unwrap(), 0);
    drop(stop);
    let ended = tokio::spawn(server.await.unwrap().shutdown());
    sleep(Duration::from_millis(100)).await;

    client.write_all(request).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(answer.ends_with("well"), "{answer}");
    ended.await.unwrap();
}
