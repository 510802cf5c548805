//! Tells the compiler about the world: whether the testbed is there (live tests), and that templates are embedded.

fn main() {
    println!("cargo:rustc-check-cfg=cfg(testbed)");
    println!("cargo:rerun-if-env-changed=TESTBED");
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("TESTBED").is_ok_and(|v| v == "1") {
        println!("cargo:rustc-cfg=testbed");
    }
}
