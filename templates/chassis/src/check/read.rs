//! Types of fields, as messages hold them and as the service does.

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use crate::{Decimal, Timestamp, decimal, json, nul};

/// A type that messages hold in another form.
pub trait Read: Sized {
    /// What a message holds.
    type Message;

    /// Whether it says nothing: proto3 does not tell an empty text from none.
    fn is_unset(_sent: &Self::Message) -> bool {
        false
    }

    /// # Errors
    /// What is wrong with it.
    fn read(sent: Self::Message) -> Result<Self, String>;

    /// Takes the place of what could not be read, and is never stored.
    fn stand_in() -> Self;
}

/// PostgreSQL stores no U+0000, neither as text nor inside JSON.
impl Read for String {
    type Message = Self;

    fn read(sent: Self) -> Result<Self, String> {
        if sent.contains('\0') {
            return Err(nul::REFUSED.to_owned());
        }
        Ok(sent)
    }

    fn stand_in() -> Self {
        Self::new()
    }
}

impl Read for Uuid {
    type Message = String;

    fn is_unset(sent: &String) -> bool {
        sent.is_empty()
    }

    fn read(sent: String) -> Result<Self, String> {
        Self::try_parse(&sent).map_err(|_| "must be a valid uuid".to_owned())
    }

    fn stand_in() -> Self {
        Self::nil()
    }
}

/// Four digits for the year, as RFC 3339 has it: dates then sort as text, too.
impl Read for NaiveDate {
    type Message = String;

    fn is_unset(sent: &String) -> bool {
        sent.is_empty()
    }

    fn read(sent: String) -> Result<Self, String> {
        let date = sent.parse().ok().filter(|_| sent.len() == 10);
        date.ok_or_else(|| "must be a valid date".to_owned())
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

impl<const DIGITS: u32, const SCALE: u32> Read for Decimal<DIGITS, SCALE> {
    type Message = String;

    fn is_unset(sent: &String) -> bool {
        sent.is_empty()
    }

    fn read(sent: String) -> Result<Self, String> {
        let number = decimal::from_json(&Value::String(sent)).ok_or(decimal::NO_NUMBER)?;
        Self::new(number)
    }

    fn stand_in() -> Self {
        Self::from_units(0)
    }
}

impl Read for Timestamp {
    type Message = prost_types::Timestamp;

    fn read(sent: prost_types::Timestamp) -> Result<Self, String> {
        Self::try_from(sent).map_err(|_| "must be a valid date-time".to_owned())
    }

    fn stand_in() -> Self {
        Self::default()
    }
}

impl Read for Value {
    type Message = prost_types::Value;

    fn read(sent: prost_types::Value) -> Result<Self, String> {
        let value = json::from_message(sent)?;
        if nul::contains_nul(&value) {
            return Err(nul::REFUSED.to_owned());
        }
        Ok(value)
    }

    fn stand_in() -> Self {
        Self::Null
    }
}
