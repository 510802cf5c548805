//! A tiny HTTP service, healthy unless its environment says otherwise. Compiled by itself, for an image of nothing else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

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
    let (api, management) = (port("PORT", "8080"), port("MANAGEMENT_PORT", "9090"));
    println!("listening");
    std::thread::spawn(move || serve(&management));
    serve(&api);
}

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn port(name: &str, default: &str) -> String {
    var(name).unwrap_or_else(|| default.to_owned())
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
        Some("/livez" | "/readyz") => ("200 OK", "well".to_owned()),
        _ => ("200 OK", var("GREETING").unwrap_or_else(|| "hello".to_owned())),
    };
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
}
