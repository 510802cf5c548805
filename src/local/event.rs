//! What is told while a project runs here; as JSON, one object each.

use serde::Serialize;

/// Something that happened to a service, or to all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Event {
    /// All is built, and is going to be started.
    Begun {
        /// The names of all services, those first that others use.
        services: Vec<String>,
    },
    /// Its process was started, for the first time or again.
    Starting {
        /// Its name.
        service: String,
    },
    /// It wrote a line.
    Log {
        /// Its name.
        service: String,
        /// Where it wrote.
        stream: Stream,
        /// What it wrote, without the end of the line.
        line: String,
    },
    /// It answers requests, for the first time or again.
    Ready {
        /// Its name.
        service: String,
        /// Base address of its API.
        url: String,
        /// Base address of health and metrics.
        management: String,
        /// Path of its documentation page, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        docs: Option<String>,
        /// A command that shows what it can be asked, where a browser can't.
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
    },
    /// It ended though nobody asked it to, and is started again.
    Exited {
        /// Its name.
        service: String,
        /// How it ended.
        status: String,
        /// Seconds until it is started again.
        restart_seconds: u64,
        /// The last lines that it wrote.
        last_lines: Vec<String>,
    },
    /// It is asked to end, and started anew when it has.
    Replaced {
        /// Its name.
        service: String,
        /// Why.
        reason: String,
    },
    /// What changed does not build; what ran before goes on.
    Broken {
        /// What does not build.
        message: String,
        /// The compiler's errors.
        causes: Vec<String>,
    },
    /// It is asked to end.
    Stopping {
        /// Its name.
        service: String,
    },
    /// It ended as asked.
    Stopped {
        /// Its name.
        service: String,
    },
}

/// Where a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}
