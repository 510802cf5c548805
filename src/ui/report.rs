//! What a command reports: the same facts as text for people and as JSON for machines.

use serde::Serialize;

/// A command's result.
pub trait Report: Serialize {
    /// As a person reads it, ending in a newline unless empty. `console` styles may be used: they are taken out
    /// where colours are off.
    fn text(&self) -> String;
}
