//! What cargo says while it builds: messages (JSON on stdout), progress and errors (text on stderr).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Most compiler errors that are told; what follows the first ones is rarely read.
const MOST_ERRORS: usize = 10;

/// A line of `cargo build --message-format=json`.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    /// The compiler's word on the code.
    #[serde(rename = "compiler-message")]
    Compiler {
        /// What it says.
        message: Diagnostic,
    },
    /// Something was built, now or before.
    #[serde(rename = "compiler-artifact")]
    Built(Artifact),
    /// All else.
    #[serde(other)]
    Other,
}

/// The compiler's word on the code.
#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// Something that was built.
#[derive(Debug, Deserialize)]
struct Artifact {
    package_id: String,
    manifest_path: PathBuf,
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// All that cargo said, sorted.
#[derive(Debug, Default)]
pub(super) struct Output {
    binaries: Vec<Artifact>,
    libraries: BTreeSet<String>,
    errors: Vec<String>,
    said: String,
}

impl Output {
    /// Takes a line of stdout; a warning of the compiler comes back, to be shown.
    pub(super) fn message(&mut self, line: &str) -> Option<String> {
        match serde_json::from_str(line).unwrap_or(Message::Other) {
            Message::Compiler { message: Diagnostic { level, rendered: Some(text) } } => {
                let text = text.trim_end().to_owned();
                if !level.starts_with("error") {
                    return (level == "warning").then_some(text);
                }
                // The last one only counts those before it.
                if !text.contains("aborting due to") {
                    self.errors.push(text);
                }
            }
            Message::Built(artifact) if artifact.target.kind.iter().any(|k| k == "bin") => {
                self.binaries.push(artifact);
            }
            // Macros run while it is built, and end there.
            Message::Built(artifact) if artifact.target.kind.iter().any(|k| k.ends_with("lib")) => {
                self.libraries.insert(artifact.package_id);
            }
            _ => {}
        }
        None
    }

    /// Takes a line of stderr; what cargo does now comes back, to be shown.
    pub(super) fn text(&mut self, line: &str) -> Option<String> {
        if line.starts_with("error") || !self.said.is_empty() {
            self.said.push_str(line);
            self.said.push('\n');
            return None;
        }
        let line = line.trim();
        let (doing, rest) = line.split_once(' ')?;
        match doing {
            "Building" => rest.split_once("] ").map(|(_, done)| done.trim().to_owned()),
            "Blocking" | "Updating" | "Downloading" | "Compiling" => Some(line.to_owned()),
            _ => None,
        }
    }

    /// Why the build failed: the compiler's errors, or else cargo's.
    pub(super) fn causes(self) -> Vec<String> {
        if self.errors.is_empty() {
            return Some(self.said.trim_end().trim_start_matches("error: ").to_owned())
                .filter(|said| !said.is_empty())
                .into_iter()
                .collect();
        }
        let more = self.errors.len().saturating_sub(MOST_ERRORS);
        let mut causes = self.errors;
        causes.truncate(MOST_ERRORS);
        if more > 0 {
            causes.push(format!("{more} more errors; `cargo build` shows all"));
        }
        causes
    }

    /// The ids of the packages whose libraries were built.
    pub(super) fn libraries(self) -> BTreeSet<String> {
        self.libraries
    }

    /// The executable of the package in `dir`: the one called `name`, or its only one.
    pub(super) fn executable(&self, dir: &Path, name: &str) -> Option<PathBuf> {
        let manifest = dir.join("Cargo.toml");
        let own: Vec<_> = self.binaries.iter().filter(|b| b.manifest_path == manifest).collect();
        let called = own.iter().find(|b| b.target.name == name);
        called.or_else(|| own.first().filter(|_| own.len() == 1))?.executable.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Output;

    fn binary(name: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"p","manifest_path":"/p/Cargo.toml","target":{{"kind":["bin"],"name":"{name}"}},"executable":"/t/{name}"}}"#
        )
    }

    #[test]
    fn the_executable_is_the_one_named_or_the_only_one() {
        let mut output = Output::default();
        output.message(&binary("tool"));
        assert_eq!(output.executable(Path::new("/p"), "orders").as_deref(), Some(Path::new("/t/tool")));
        output.message(&binary("orders"));
        assert_eq!(output.executable(Path::new("/p"), "orders").as_deref(), Some(Path::new("/t/orders")));
        assert_eq!(output.executable(Path::new("/p"), "other"), None);
        assert_eq!(output.executable(Path::new("/elsewhere"), "orders"), None);
    }

    #[test]
    fn progress_is_read_from_the_bar() {
        let mut output = Output::default();
        let line = "    Building [=====>          ] 3/140: serde, tokio          ";
        assert_eq!(output.text(line).as_deref(), Some("3/140: serde, tokio"));
        assert_eq!(output.text("    Finished `dev` profile"), None);
    }

    #[test]
    fn causes_are_the_compilers_errors_or_else_cargos() {
        let mut output = Output::default();
        output.text("error: no such package");
        output.text("  Caused by: this");
        assert_eq!(output.causes(), ["no such package\n  Caused by: this"]);

        let mut output = Output::default();
        let said = |level, text| {
            format!(r#"{{"reason":"compiler-message","message":{{"level":"{level}","rendered":"{text}\n"}}}}"#)
        };
        assert_eq!(output.message(&said("warning", "unused")).as_deref(), Some("unused"));
        output.message(&said("error", "error[E1]: bad"));
        output.message(&said("error", "error: aborting due to 1 previous error"));
        output.text("error: could not compile");
        assert_eq!(output.causes(), ["error[E1]: bad"]);
    }
}
