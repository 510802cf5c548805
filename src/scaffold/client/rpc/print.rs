//! The crate's files, in the layout of rustfmt.

use std::fmt::Write;

use super::contract::{Contract, Method};
use crate::scaffold::client::operation::Operation;
use crate::scaffold::client::print::{self, ARGUMENTS_WIDTH};
use crate::scaffold::layout::WIDTH;

pub(super) fn manifest(service: &str, contract: &Contract) -> String {
    let mut dependencies =
        vec![r#"anyhow = "1""#, r#"chassis = { path = "../chassis" }"#, "prost = { workspace = true }"];
    dependencies.extend(contract.uses_well_known.then_some("prost-types = { workspace = true }"));
    let build = ["protox = \"0.10\"", "tonic-prost-build = { version = \"0.14\", default-features = false }"];
    print::package(service, &dependencies, &build)
}

pub(super) fn build<'a>(folder: &str, files: impl Iterator<Item = &'a String>) -> String {
    let files: Vec<String> = files.map(|file| format!("{file:?}")).collect();
    let line = files.join(", ");
    let declared = format!("const FILES: [&str; {}] =", files.len());
    let declared = if files.len() > 1 && line.chars().count() > ARGUMENTS_WIDTH {
        format!("{declared} [\n    {},\n];", files.join(",\n    "))
    } else if declared.len() + line.chars().count() + " [];".len() > WIDTH {
        format!("{declared}\n    [{line}];")
    } else {
        format!("{declared} [{line}];")
    };
    format!(
        r#"//! Makes Rust out of the messages in the service's `.proto` files, without a `protoc` to be
//! installed.

use std::error::Error;

/// Where the service has them.
const FOLDER: &str = {folder:?};
{declared}

fn main() -> Result<(), Box<dyn Error>> {{
    println!("cargo:rerun-if-changed={{FOLDER}}");
    let descriptors = protox::compile(FILES, [FOLDER])?;
    tonic_prost_build::configure()
        .build_client(false)
        .build_server(false)
        .include_file("proto.rs")
        .compile_fds(descriptors)?;
    Ok(())
}}
"#
    )
}

pub(super) fn library(service: &str, contract: &Contract) -> String {
    let mut text = format!(
        "//! Calls of the service `{service}`, as its `.proto` files describe them. msvc writes this crate anew\n"
    );
    text += "//! whenever their methods change; messages are made from the files when it is built.\n";
    if !contract.omitted.is_empty() {
        let _ = writeln!(text, "//!\n//! Not here:\n//! {}.", contract.omitted.join(",\n//! "));
    }
    text += print::LINTS;
    text += "use chassis::client::{self, Address, Caller, Settings};\n";
    let _ = write!(
        text,
        "
/// What `{service}` takes and gives, by the packages of its files.
pub mod proto {{
    #![allow(clippy::all, clippy::pedantic, reason = \"nobody reads it\")]

    include!(concat!(env!(\"OUT_DIR\"), \"/proto.rs\"));
}}
"
    );
    text += &print::client(service, "by_grpc");
    for method in &contract.methods {
        text += &print::method(&operation(method));
    }
    text + "}\n"
}

fn operation(method: &Method) -> Operation {
    let (arguments, message) = match method.input.as_str() {
        "()" => (Vec::new(), "&()"),
        input => (vec![("message".to_owned(), format!("&{input}"))], "message"),
    };
    let how = if method.is_repeatable { "ask" } else { "tell" };
    let given = format!("{:?}, {message}", method.path);
    let call = if given.chars().count() <= ARGUMENTS_WIDTH {
        format!("{how}({given})")
    } else {
        let indent = " ".repeat(16);
        format!("{how}(\n{indent}{:?},\n{indent}{message},\n            )", method.path)
    };
    Operation {
        name: method.name.clone(),
        doc: method.doc.clone(),
        arguments,
        returns: method.output.clone(),
        chain: vec![call],
    }
}
