//! The crate by which a service is called from Rust, made from its committed contract: of openapi.json a method for each
//! operation and a type for each schema, of `.proto` files a method for each method. It stands on the chassis' client,
//! which knows about time, retries and services in trouble.

mod operation;
mod print;
mod rpc;
mod types;

#[cfg(test)]
mod tests;

use serde_json::Value;

use self::operation::Operation;
pub use self::rpc::of_grpc;
use self::types::Types;
use super::tree::{Entry, Tree};
use crate::error::{Error, Result};

/// The crate `<service>-client`: its files, by their paths in its folder, which lies beside the chassis.
///
/// What an operation needs that can't be said in JSON is left out; the crate's first lines name it.
///
/// # Errors
/// `openapi` is no OpenAPI document (exit code 2).
pub fn of_http(service: &str, openapi: &str) -> Result<Tree> {
    let refuse = |why: String| {
        Error::invalid(format!("no client of `{service}` can be made"))
            .cause(why)
            .hint(format!("openapi.json of {service} must be an OpenAPI 3.1 document, as its tests write it"))
    };
    let document: Value = serde_json::from_str(openapi).map_err(|e| refuse(format!("openapi.json: {e}")))?;
    let paths = document["paths"].as_object().ok_or_else(|| refuse("openapi.json has no `paths`".to_owned()))?;
    let mut types = Types::new(&document);
    let (mut operations, mut omitted) = (Vec::new(), Vec::new());
    for (path, item) in paths {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(declared) = item.get(method) else { continue };
            match Operation::read(method, path, declared, &item["parameters"], &mut types) {
                Ok(operation) => operations.push(operation),
                Err(why) => omitted.push(format!("`{} {path}` ({why})", method.to_uppercase())),
            }
        }
    }
    let mut files = Tree::default();
    let mut write = |path: &str, text: String| files.insert(path.to_owned(), Entry::file(text.as_bytes()));
    write("Cargo.toml", print::manifest(service, &types));
    write("src/lib.rs", print::library(service, &operations, &omitted, &types));
    if !types.is_empty() {
        write("src/types.rs", print::types(service, &types));
    }
    Ok(files)
}
