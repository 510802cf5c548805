//! The migrations that are there, as far as the names of their files tell.

use std::collections::BTreeSet;

/// What the migration is called that makes the table of events that have arrived.
const INBOX: &str = "create_inbox";

/// Files of migrations that exist, be they the template's or the user's own.
#[derive(Debug, Default)]
pub struct There {
    numbers: BTreeSet<u64>,
    has_inbox: bool,
}

impl There {
    /// Those of these files that have a number.
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let mut there = Self::default();
        for path in paths {
            let file = path.rsplit('/').next().unwrap_or_default();
            let digits = file.find(|c: char| !c.is_ascii_digit()).unwrap_or(file.len());
            if let Ok(number) = file[..digits].parse() {
                there.numbers.insert(number);
                there.has_inbox |= file[digits..].trim_start_matches('_').trim_end_matches(".sql") == INBOX;
            }
        }
        there
    }

    /// The highest number.
    pub(super) fn last(&self) -> u64 {
        self.numbers.last().copied().unwrap_or_default()
    }

    /// Takes a number for the inbox, unless it has one: the first that is free, since databases may have got any
    /// other one by now. Gives the name of its migration.
    pub(super) fn take_inbox(&mut self) -> Option<String> {
        if self.has_inbox {
            return None;
        }
        let number = (1..=self.last() + 1).find(|number| !self.numbers.contains(number))?;
        self.numbers.insert(number);
        self.has_inbox = true;
        Some(format!("{number:04}_{INBOX}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inbox_takes_the_first_free_number_once() {
        let mut there =
            There::of(["migrations/sqlite/0000_create_outbox.sql", "0001_create_idempotency_keys.sql", "0100_own.sql"]);
        assert_eq!((there.take_inbox().as_deref(), there.last()), (Some("0002_create_inbox"), 100));
        assert_eq!(there.take_inbox(), None);
        let mut copied = There::of(["migrations/sqlite/0100_create_inbox.sql", "README.md", "7"]);
        assert_eq!((copied.take_inbox(), copied.last()), (None, 100));
        assert_eq!(There::of([]).last(), 0);
    }
}
