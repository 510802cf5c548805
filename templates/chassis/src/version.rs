//! Which state of a record somebody has seen, for changes that must not undo others.

use std::fmt;

/// Counts the changes of a record, from 1 on. Clients see it as an `ETag`, a text without meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Version(i64);

impl Version {
    /// No record has it: what a client means who sends a tag that is none of ours.
    const NONE: Self = Self(0);

    /// The version that somebody has seen who sends this tag.
    #[must_use]
    pub fn seen(tag: &str) -> Self {
        Self::parse(tag).unwrap_or(Self::NONE)
    }

    fn parse(tag: &str) -> Option<Self> {
        let number = tag.strip_prefix('"')?.strip_suffix('"')?.parse();
        let version = number.ok().map(Self);
        version.filter(|version| version.to_string() == tag)
    }
}

/// As an `ETag`: `"1"`, with its quotes.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn tags_are_ours_to_the_letter() {
        assert_eq!(Version(12).to_string(), "\"12\"");
        assert_eq!(Version::parse("\"12\""), Some(Version(12)));
        for other in ["12", "W/\"12\"", "\"012\"", "\"+12\"", "\"\"", "\"", "*"] {
            assert_eq!(Version::parse(other), None, "{other}");
        }
    }
}
