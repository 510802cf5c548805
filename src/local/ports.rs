//! Which ports the services get on this machine.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::PathBuf;

use tokio::net::TcpSocket;

use super::holder;
use crate::error::{Context, Error, Result};
use crate::progress::Progress;

/// Where a service's management port is looked for first.
const MANAGEMENT: u16 = 9090;

/// What is wanted of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// This one or none.
    Exactly(u16),
    /// This one, or the next free one above.
    From(u16),
    /// Any that is free.
    Free,
}

/// A port that no other msvc of this user gives away as long as this lives, even while nobody listens on it:
/// before its service has started, or after that crashed.
#[derive(Debug)]
pub(super) struct Reserved {
    pub(super) number: u16,
    _lock: Option<File>,
}

/// The two ports of a service.
#[derive(Debug)]
pub(super) struct Ports {
    pub(super) api: Reserved,
    pub(super) management: Reserved,
}

/// Reserves the ports of every service, named with what it wants.
///
/// # Errors
/// A port is taken, with who holds it; two services want the same; the system refuses (exit code 1).
pub(super) fn reserve(wanted: &[(&str, Wanted)], progress: &dyn Progress) -> Result<Vec<Ports>> {
    let mut given = Vec::new();
    let apis = wanted.iter().map(|(name, w)| pick(name, *w, &mut given)).collect::<Result<Vec<_>>>()?;
    let mut all = Vec::new();
    for ((name, _), api) in wanted.iter().zip(apis) {
        let management = pick(name, Wanted::From(MANAGEMENT), &mut given)?;
        if management.number != MANAGEMENT && wanted.len() == 1 && api.number != MANAGEMENT {
            let holder = holder::of(MANAGEMENT).map_or(String::new(), |h| format!(" by {h}"));
            let number = management.number;
            progress.message(&format!("port {MANAGEMENT} is taken{holder}: health and metrics of {name} on {number}"));
        }
        all.push(Ports { api, management });
    }
    Ok(all)
}

fn pick(service: &str, wanted: Wanted, given: &mut Vec<u16>) -> Result<Reserved> {
    let reserved = match wanted {
        Wanted::Exactly(port) if given.contains(&port) => {
            return Err(Error::invalid(format!("two services want port {port}"))
                .cause(format!("`{service}` wants what another one has already"))
                .hint("give them different `local: { port: }` in their msvc.yaml"));
        }
        Wanted::Exactly(port) => bind(port).map_err(|e| taken(service, port, &e))?,
        Wanted::From(first) => (first..=u16::MAX)
            .filter(|port| !given.contains(port))
            .find_map(|port| bind(port).ok())
            .ok_or_else(|| Error::failed(format!("no port from {first} on is free for {service}")))?,
        // The system gives out ports at random: one that is promised hardly comes twice.
        Wanted::Free => bind(0).or_else(|_| bind(0)).failed(|| format!("could not get a free port for {service}"))?,
    };
    given.push(reserved.number);
    Ok(reserved)
}

/// A port that can be listened on now and is not promised to another msvc.
fn bind(port: u16) -> io::Result<Reserved> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port).into())?;
    // Only one socket can listen, whereas several can be bound so that a service can be restarted at once.
    let number = socket.listen(1)?.local_addr()?.port();
    Ok(Reserved { number, _lock: lock(number)? })
}

/// Locks a file that stands for the port; without a place for it, ports are not promised.
fn lock(port: u16) -> io::Result<Option<File>> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let file = cache.map(|cache| cache.join("msvc/ports")).and_then(|dir| {
        fs::create_dir_all(&dir).ok()?;
        File::create(dir.join(port.to_string())).ok()
    });
    match file.as_ref().map(File::try_lock) {
        Some(Err(TryLockError::WouldBlock)) => {
            Err(io::Error::new(ErrorKind::AddrInUse, "another msvc keeps it for a service of its own"))
        }
        _ => Ok(file),
    }
}

fn taken(service: &str, port: u16, io_error: &io::Error) -> Error {
    match io_error.kind() {
        ErrorKind::AddrInUse => {
            let holder = holder::of(port);
            let error = Error::failed(format!("port {port}, which {service} wants, is taken"));
            let error = match &holder {
                Some(holder) => error.cause(format!("{holder} listens on it")),
                None => error.cause(io_error.to_string()),
            };
            error.hint("`--port 0` takes a free one; `local: { port: }` in msvc.yaml fixes another")
        }
        ErrorKind::PermissionDenied => Error::failed(format!("port {port}, which {service} wants, is not allowed"))
            .cause(io_error.to_string())
            .hint("ports from 1024 on need no special rights; `--port 0` takes a free one"),
        _ => Error::failed(format!("could not use port {port} for {service}")).cause(io_error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::{Wanted, reserve};
    use crate::progress::Silent;

    #[tokio::test]
    async fn every_port_is_another_one() {
        let wanted = [("a", Wanted::Free), ("b", Wanted::From(42_000)), ("c", Wanted::From(42_000))];
        let ports = reserve(&wanted, &Silent).unwrap();
        let mut numbers: Vec<u16> = ports.iter().flat_map(|p| [p.api.number, p.management.number]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 6);
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error_that_names_the_holder() {
        let held = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = held.local_addr().unwrap().port();
        let error = reserve(&[("orders", Wanted::Exactly(port))], &Silent).unwrap_err();
        assert_eq!(error.kind.exit_code(), 1);
        assert!(error.message.contains(&port.to_string()));
        #[cfg(target_os = "linux")]
        assert!(error.causes[0].contains(&format!("pid {}", std::process::id())), "{error:?}");
    }

    #[tokio::test]
    async fn the_same_fixed_port_twice_is_an_error() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let wanted = [("a", Wanted::Exactly(free)), ("b", Wanted::Exactly(free))];
        assert_eq!(reserve(&wanted, &Silent).unwrap_err().message, format!("two services want port {free}"));
    }
}
