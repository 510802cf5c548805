//! Records that were read of late: who asks for one again is spared the database.
//!
//! What comes from here may be as old as the cache's time to live, whatever happens. So it is for
//! showing; a write goes by the database, which knows the version of each record, and takes the
//! record out of the cache afterwards.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

{% if needs.memory -%}
pub mod memory;
{% endif -%}
{% if needs.redis -%}
pub mod redis;
{% endif %}
{% if needs.memory -%}
pub use memory::Memory;
{% endif -%}
{% if needs.redis -%}
pub use redis::Redis;
{% endif %}
/// The name of a record.
fn key(kind: &str, id: impl Display) -> String {
    format!("{kind}/{id}")
}

/// Records are kept as JSON: their size is known, and every replica can read them.
fn encode(record: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(record).ok()
}

/// `None` for what another release of this service has put there, with other fields.
fn decode<V: DeserializeOwned>(json: &[u8]) -> Option<V> {
    serde_json::from_slice(json).ok()
}

fn describe_metrics() {
    let what = "Reads, by what the cache did: hit, miss, or away when it could not be asked.";
    metrics::describe_counter!("cache_reads_total", what);
}

fn count(kind: &'static str, outcome: &'static str) {
    metrics::counter!("cache_reads_total", "kind" => kind, "outcome" => outcome).increment(1);
}
