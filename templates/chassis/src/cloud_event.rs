//! Events as they travel: CloudEvents 1.0, all in one JSON document (structured mode).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Timestamp;

/// The media type of an event in structured mode.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// The version of the specification.
pub const SPEC_VERSION: &str = "1.0";

/// Something that happened. Source and id together tell it from every other.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// Who tells of it.
    pub source: String,
    /// The same whenever it is sent again.
    pub id: String,
    /// What happened, such as `order.created`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it happened to: an id, as a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// The trace that it is a part of, as in the header of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What `data` is: JSON, also when it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// What else there is to know.
    #[serde(default)]
    pub data: Value,
}
