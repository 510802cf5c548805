//! What a service that is called promises, as it lies in its folder.

use std::collections::BTreeMap;
use std::path::Path;

use crate::project::Service;

/// The committed contract of a service that is called by HTTP.
pub const OPENAPI: &str = "openapi.json";
/// The folder of the contract of one that is called by gRPC.
pub const PROTO: &str = "proto";

/// How a service is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP with JSON.
    Http,
    /// gRPC.
    Grpc,
}

/// A committed contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contract {
    /// The API document.
    OpenApi(String),
    /// The `.proto` files.
    Proto {
        /// The service's folder, relative to the system's.
        dir: String,
        /// Their texts, by their paths below [`PROTO`].
        files: BTreeMap<String, String>,
    },
}

impl Protocol {
    /// That of a service.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        if service.speaks_grpc() { Self::Grpc } else { Self::Http }
    }
}

/// Whether a file of a service, by its path in its folder, is a part of its contract by gRPC.
#[must_use]
pub fn is_proto(path: &str) -> bool {
    path.strip_prefix(PROTO).is_some_and(|rest| rest.starts_with('/'))
        && Path::new(path).extension().is_some_and(|kind| kind == "proto")
}

/// Its path as other such files name it.
#[must_use]
pub fn below_proto(path: &str) -> String {
    path.strip_prefix(PROTO).unwrap_or(path).trim_start_matches('/').to_owned()
}

/// The paths of the `.proto` files of the service in `dir`, in order, relative to it.
#[must_use]
pub fn protos(dir: &Path) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![PROTO.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(dir.join(&folder)).into_iter().flatten().flatten() {
            let Some(path) = entry.file_name().to_str().map(|name| format!("{folder}/{name}")) else { continue };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(_) if is_proto(&path) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort_unstable();
    found
}
