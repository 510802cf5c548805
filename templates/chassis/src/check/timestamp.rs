//! Moments in messages: `google.protobuf.Timestamp`.

use chrono::{DateTime, Datelike};

use crate::Timestamp;

/// A moment of the years that RFC 3339 can write, as `google.protobuf.Timestamp` has it.
impl TryFrom<prost_types::Timestamp> for Timestamp {
    type Error = String;

    fn try_from(moment: prost_types::Timestamp) -> Result<Self, String> {
        let nanos = u32::try_from(moment.nanos).unwrap_or(u32::MAX);
        match DateTime::from_timestamp(moment.seconds, nanos) {
            Some(moment) if (1..=9999).contains(&moment.year()) => Ok(Self::from(moment)),
            _ => Err("out of range".to_owned()),
        }
    }
}

impl From<Timestamp> for prost_types::Timestamp {
    fn from(moment: Timestamp) -> Self {
        Self {
            seconds: moment.get().timestamp(),
            nanos: moment.get().timestamp_subsec_nanos().cast_signed(),
        }
    }
}
