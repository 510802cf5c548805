//! The terminal: sole owner of stdout and stderr. Results go to stdout; progress, messages, prompts and errors
//! to stderr. Knows no domain.

mod errors;
mod printer;
mod progress;
mod prompt;
mod report;

pub use printer::{Color, Format, Printer, Settings};
pub use prompt::Prompt;
pub use report::Report;
