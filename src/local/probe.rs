//! Asks a service on this machine whether it is ready.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

/// How long a service may take to become ready.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Longest wait for one answer.
const ANSWER: Duration = Duration::from_secs(2);

/// Enough of an answer to read its status and a short body.
const ANSWER_BYTES: u64 = 4 * 1024;

/// Ends when `/readyz` on `port` answers 200. After [`PATIENCE`], an error: what was answered last.
pub(super) async fn until_ready(port: u16) -> Result<(), String> {
    let since = Instant::now();
    let mut pause = Duration::from_millis(20);
    loop {
        let answer = match get(port, "/readyz").await {
            Ok((200, _)) => return Ok(()),
            Ok((status, body)) => format!("/readyz answers {status}: {}", body.trim()),
            Err(error) => format!("/readyz does not answer: {error}"),
        };
        if since.elapsed() >= PATIENCE {
            return Err(answer);
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
}

/// Status and beginning of the body of `GET http://127.0.0.1:<port><path>`.
pub(super) async fn get(port: u16, path: &str) -> std::io::Result<(u16, String)> {
    let exchange = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        // HTTP/1.0: the answer ends with the connection, so nothing needs to be parsed but the first line.
        let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES).read_to_end(&mut answer).await?;
        parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| std::io::Error::other("the answer is not HTTP"))
    };
    timeout(ANSWER, exchange).await?
}

fn parse(answer: &str) -> Option<(u16, String)> {
    let status = answer.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.get(..3)?.parse().ok()?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_status_and_body() {
        assert_eq!(
            parse("HTTP/1.0 503 Service Unavailable\r\na: b\r\n\r\nno database"),
            Some((503, "no database".into()))
        );
        assert_eq!(parse("HTTP/1.1 200\r\n\r\n"), Some((200, String::new())));
        assert_eq!(parse("SSH-2.0-x"), None);
    }
}
