//! Rebuilds the service when its migrations change: they are compiled into it.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
