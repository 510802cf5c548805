//! A system of services without dependencies, which builds in a second.

use std::path::Path;

use tempfile::TempDir;

use super::Msvc;
use super::running::Running;

const MAIN: &str = include_str!("../fixtures/service/main.rs");

/// A system in a folder of its own.
pub struct System(TempDir);

impl System {
    /// Of services called so, each with further lines of its msvc.yaml.
    pub fn new(services: &[(&str, &str)]) -> Self {
        let system = Self(tempfile::tempdir().unwrap());
        system.write("Cargo.toml", "[workspace]\nmembers = [\"services/*\"]\nresolver = \"3\"\n");
        system.write(
            "msvc.yaml",
            "apiVersion: msvc/v1\nkind: System\nname: shop\nservices: [services/*]\nenvironments: { staging: {} }\n",
        );
        for (name, more) in services {
            let file = |file: &str| format!("services/{name}/{file}");
            system.write(&file("src/main.rs"), MAIN);
            let package = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
            system.write(&file("Cargo.toml"), &package);
            let service = format!("apiVersion: msvc/v1\nkind: Service\nname: {name}\n");
            let template = if more.contains("template:") { "" } else { "template: { name: rest }\n" };
            system.write(&file("msvc.yaml"), &format!("{service}{template}{more}\n"));
        }
        system
    }

    pub fn dir(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.dir().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// `msvc up --port 0` with further arguments.
    pub fn up(&self, args: &[&str]) -> Msvc {
        Msvc::new(self.dir(), &[&["up", "--port", "0"], args].concat())
    }
}

/// Waits until a service is ready, and returns its address.
#[track_caller]
pub fn ready(up: &mut Running, service: &str) -> String {
    let line = up.wait_for(&format!("{service} is ready at http://127.0.0.1:"));
    line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned()
}

/// Waits until these services are ready, in whatever order, and returns their addresses.
#[track_caller]
pub fn all_ready<const N: usize>(up: &mut Running, services: [&str; N]) -> [String; N] {
    let mut urls = [const { String::new() }; N];
    while urls.iter().any(String::is_empty) {
        let line = up.wait_for(" is ready at http://127.0.0.1:");
        let service = services.iter().position(|name| line.contains(&format!("{name} is ready"))).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
        urls[service] = url.into();
    }
    urls
}

/// A main.rs whose service answers with what the expression `text` gives.
pub fn main_that_says(text: &str) -> String {
    MAIN.replace("\"hello\".into()", &format!("{text}.into()"))
}
