{% if options.grpc -%}
//! Compiles the `.proto` files of the services that speak gRPC, without a `protoc` to be installed.
//!
//! They are those in `protos/<service>/`, copied from the service's own `proto/`; without a copy they
//! are the service's own, where it lies beside this one in the same repository.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use protox::Compiler;

/// Their names.
const SERVICES: &str = "{% for service in options.grpc %}{= service =}{% if not loop.last %} {% endif %}{% endfor %}";

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    println!("cargo:rerun-if-changed=protos");
    let mut table = "const COMPILED: &[(&str, &[u8])] = &[\n".to_owned();
    for service in SERVICES.split(' ') {
        let copy = Path::new("protos").join(service);
        let own = Path::new("..").join(service).join("proto");
        let is_own = own.is_dir() && !copy.is_dir();
        let folder = if is_own { own } else { copy };
        let mut files = Vec::new();
        if folder.is_dir() {
            println!("cargo:rerun-if-changed={}", folder.display());
            collect(&folder, &mut files)?;
        }
        files.sort();
        let mut compiler = Compiler::new([folder])?;
        compiler.include_imports(true).include_source_info(true);
        compiler.open_files(files)?;
        let file = format!("{service}.bin");
        let descriptors = compiler.encode_file_descriptor_set();
        fs::write(Path::new(&out).join(&file), descriptors)?;
        // It is included from where it lies: beside it.
        writeln!(table, "({service:?}, include_bytes!({file:?})),")?;
    }
    fs::write(Path::new(&out).join("contracts.rs"), table + "];\n")?;
    Ok(())
}

/// All `.proto` files in a folder and those below it.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
{% endif -%}
