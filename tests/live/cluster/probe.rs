//! A tiny HTTP service, healthy unless its environment says otherwise. Compiled by itself, for an image of nothing else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

unsafe extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
}

/// As the first process of its container it would ignore the signal otherwise.
extern "C" fn end(_: i32) {
    std::process::exit(0);
}

fn main() {
    unsafe { signal(15, end) };
    println!("starting");
    if let Some(code) = var("CRASH") {
        println!("the database said no");
        std::thread::sleep(Duration::from_millis(200));
        std::process::exit(code.parse().unwrap_or(1));
    }
    if var("EAT_MEMORY").is_some() {
        let mut eaten = Vec::new();
        loop {
            eaten.push(vec![1_u8; 1 << 20]);
        }
    }
    if var("HANG").is_some() {
        println!("waiting for the moon");
        loop {
            std::thread::park();
        }
    }
    if var("BURN").is_some() {
        std::thread::spawn(burn);
    }
    if let Some(seconds) = var("LATE") {
        std::thread::sleep(Duration::from_secs(seconds.parse().unwrap_or(1)));
    }
    let (api, management) = (port("PORT", "8080"), port("MANAGEMENT_PORT", "9090"));
    println!("listening");
    std::thread::spawn(move || serve(&management));
    serve(&api);
}

/// A tenth of a processor.
fn burn() {
    loop {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(10) {}
        std::thread::sleep(Duration::from_millis(90));
    }
}

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn port(name: &str, default: &str) -> String {
    var(name).unwrap_or_else(|| default.to_owned())
}

/// When it was first asked.
fn started() -> Instant {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    *STARTED.get_or_init(Instant::now)
}

fn serve(port: &str) {
    let listener = TcpListener::bind(format!("0.0.0.0:{port}")).expect("the port is free");
    for stream in listener.incoming().flatten() {
        std::thread::spawn(move || answer(stream));
    }
}

fn answer(mut stream: TcpStream) {
    let mut buffer = [0; 1024];
    let read = stream.read(&mut buffer).unwrap_or(0);
    let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
    let (status, body) = match request.split(' ').nth(1) {
        Some("/readyz") if var("NOT_READY").is_some() => ("503 Service Unavailable", "waiting".to_owned()),
        Some("/livez") if var("SICK").is_some() && started().elapsed() > Duration::from_secs(2) => {
            ("500 Internal Server Error", "ill".to_owned())
        }
        Some("/livez" | "/readyz") => ("200 OK", "well".to_owned()),
        _ => ("200 OK", var("GREETING").unwrap_or_else(|| "hello".to_owned())),
    };
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
}
