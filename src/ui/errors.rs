//! How an error looks: `error:` what, `cause:` why, `hint:` what to do; or a JSON document.

use console::style;
use serde_json::{Value, json};

use crate::error::Error;

/// For people, on stderr; without a newline at the end.
pub(super) fn text(error: &Error) -> String {
    let mut lines = vec![format!("{} {}", style("error:").for_stderr().red().bold(), error.message)];
    lines.extend(error.causes.iter().map(|c| format!("{} {}", style("cause:").for_stderr().bold(), indented(c))));
    lines.extend(error.hints.iter().map(|h| format!("{} {}", style("hint:").for_stderr().cyan().bold(), indented(h))));
    lines.join("\n")
}

fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n       ")
}

/// For machines: the contract's error document.
pub(super) fn json(error: &Error) -> Value {
    json!({
        "apiVersion": "msvc/v1",
        "error": {
            "kind": error.kind.name(),
            "message": error.message,
            "causes": error.causes,
            "hints": error.hints,
        }
    })
}
