//! The crate by which a service is called that speaks gRPC, made from its committed `.proto` files: a method for each
//! method. The messages are made when it is built, from the files where the service has them.

mod contract;
mod print;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::contract::Contract;
use crate::error::Result;
use crate::scaffold::tree::{Entry, Tree};

/// The crate `<service>-client`: its files, by their paths in its folder, which lies beside the chassis. `folder` is
/// where the `.proto` files are, seen from there; `protos` are their texts, by their paths in that.
///
/// Methods whose messages come in streams are left out; the crate's first lines name them.
///
/// # Errors
/// A file can't be read (exit code 2, with the place).
pub fn of_grpc(service: &str, folder: &str, protos: &BTreeMap<String, String>) -> Result<Tree> {
    let contract = Contract::read(protos)?;
    let mut files = Tree::default();
    let mut write = |path: &str, text: String| files.insert(path.to_owned(), Entry::file(text.as_bytes()));
    write("Cargo.toml", print::manifest(service, &contract));
    write("build.rs", print::build(folder, protos.keys()));
    write("src/lib.rs", print::library(service, &contract));
    Ok(files)
}
