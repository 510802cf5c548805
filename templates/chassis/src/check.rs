//! What clients send, held to the rules of its fields. All fields are checked before anything is
//! refused, so that a client learns of all its mistakes at once.

use std::collections::HashMap;
use std::fmt::Display;
use std::ops::{Bound, RangeBounds};
use std::sync::{LazyLock, PoisonError, RwLock};

use email_address::EmailAddress;
use regex_lite::Regex;
use tonic::Status;
use url::Url;

use crate::status::{self, Violation};

mod read;
mod timestamp;

pub use read::Read;

/// Reads the fields of one message, and notes what is wrong with them.
///
/// A field that cannot be read gets a stand-in; [`FieldCheck::finish`] then refuses the whole.
#[derive(Default)]
pub struct FieldCheck {
    within: Option<&'static str>,
    violations: Vec<Violation>,
}

impl FieldCheck {
    /// For the message that is in this field of another one.
    #[must_use]
    pub fn within(field: &'static str) -> Self {
        Self {
            within: Some(field),
            ..Self::default()
        }
    }

    /// A field that must be there.
    pub fn required<T: Read>(&mut self, field: &str, sent: impl Into<Option<T::Message>>) -> T {
        self.read(field, sent.into()).unwrap_or_else(|| {
            self.refuse(field, "is missing");
            T::stand_in()
        })
    }

    /// A field that may be left out.
    pub fn optional<T: Read>(
        &mut self,
        field: &str,
        sent: impl Into<Option<T::Message>>,
    ) -> Option<T> {
        self.read(field, sent.into())
    }

    /// A field that has a default.
    pub fn or<T: Read>(
        &mut self,
        field: &str,
        sent: impl Into<Option<T::Message>>,
        default: T,
    ) -> T {
        self.read(field, sent.into()).unwrap_or(default)
    }

    fn read<T: Read>(&mut self, field: &str, sent: Option<T::Message>) -> Option<T> {
        let sent = sent.filter(|sent| !T::is_unset(sent))?;
        let read = T::read(sent).unwrap_or_else(|complaint| {
            self.refuse(field, complaint);
            T::stand_in()
        });
        Some(read)
    }

    /// How many characters there may be.
    pub fn length<'t>(
        &mut self,
        field: &str,
        text: impl Into<Option<&'t str>>,
        allowed: impl RangeBounds<usize>,
    ) {
        let Some(length) = text.into().map(|text| text.chars().count()) else {
            return;
        };
        match outside(&length, &allowed) {
            None => {}
            Some(Outside::Below(1)) => self.refuse(field, "must not be empty"),
            Some(Outside::Below(least)) => {
                self.refuse(field, format!("must have at least {least} characters"));
            }
            Some(Outside::Above(most)) => {
                self.refuse(field, format!("must have at most {most} characters"));
            }
        }
    }

    /// Which numbers there may be.
    pub fn range<N: PartialOrd + Display>(
        &mut self,
        field: &str,
        number: impl Into<Option<N>>,
        allowed: impl RangeBounds<N>,
    ) {
        match number.into().as_ref().and_then(|n| outside(n, &allowed)) {
            None => {}
            Some(Outside::Below(least)) => {
                self.refuse(field, format!("must be at least {least}"));
            }
            Some(Outside::Above(most)) => self.refuse(field, format!("must be at most {most}")),
        }
    }

    /// Text that a regular expression finds something in. One that could not be compiled finds
    /// nothing: a rule is not dropped silently.
    pub fn pattern<'t>(
        &mut self,
        field: &str,
        text: impl Into<Option<&'t str>>,
        pattern: &'static str,
    ) {
        if text.into().is_some_and(|text| !is_match(pattern, text)) {
            self.refuse(field, format!("must match {pattern}"));
        }
    }

    /// An e-mail address.
    pub fn email<'t>(&mut self, field: &str, text: impl Into<Option<&'t str>>) {
        let text = text.into();
        if text.is_some_and(|text| !EmailAddress::is_valid(text)) {
            self.refuse(field, "must be a valid email");
        }
    }

    /// An absolute URI.
    pub fn uri<'t>(&mut self, field: &str, text: impl Into<Option<&'t str>>) {
        if text.into().is_some_and(|text| Url::parse(text).is_err()) {
            self.refuse(field, "must be a valid uri");
        }
    }

    /// Notes what is wrong with a field; the first complaint about it counts.
    pub fn refuse(&mut self, field: &str, complaint: impl Into<String>) {
        let field = match self.within {
            Some(outer) => format!("{outer}.{field}"),
            None => field.to_owned(),
        };
        if self.violations.iter().all(|known| known.field != field) {
            self.violations.push(Violation::new(field, complaint));
        }
    }

    /// The message as it was read, if nothing is wrong with it.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT`, with everything that is.
    pub fn finish<T>(self, read: T) -> Result<T, Status> {
        if self.violations.is_empty() {
            Ok(read)
        } else {
            Err(status::invalid(self.violations))
        }
    }
}

enum Outside<'a, N> {
    Below(&'a N),
    Above(&'a N),
}

fn outside<'a, N: PartialOrd>(
    number: &N,
    allowed: &'a impl RangeBounds<N>,
) -> Option<Outside<'a, N>> {
    match (allowed.start_bound(), allowed.end_bound()) {
        (Bound::Included(least), _) if number < least => Some(Outside::Below(least)),
        (_, Bound::Included(most)) if number > most => Some(Outside::Above(most)),
        _ => None,
    }
}

/// Patterns are compiled once, not with every call.
fn is_match(pattern: &'static str, text: &str) -> bool {
    type Patterns = RwLock<HashMap<&'static str, Option<Regex>>>;
    static PATTERNS: LazyLock<Patterns> = LazyLock::new(RwLock::default);
    let finds = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    let known = PATTERNS.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return finds(regex);
    }
    drop(known);
    let mut known = PATTERNS.write().unwrap_or_else(PoisonError::into_inner);
    let compiled = || Regex::new(pattern).ok();
    finds(known.entry(pattern).or_insert_with(compiled))
}

#[cfg(test)]
mod tests;
