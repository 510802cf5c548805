//! A cache in the memory of this process. Each replica has its own and does not hear of the
//! others' writes: what it shows may be as old as the time to live, which therefore is short.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{count, decode, describe_metrics, encode, key};
use crate::settings;

#[cfg(test)]
mod tests;

/// What an entry takes besides its name and its JSON, about.
const OVERHEAD: usize = 128;

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Bytes of all records together.
    pub bytes: u64,
    /// The age at which a record goes.
    pub lifetime: Duration,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        Self {
            bytes: given.get("CACHE_SIZE", 16 * 1024 * 1024),
            lifetime: given.seconds("CACHE_TTL", Duration::from_secs(5)),
        }
    }
}

/// The cache; cheap to clone.
#[derive(Clone)]
pub struct Memory {
    records: Cache<String, Arc<[u8]>>,
}

impl Memory {
    /// An empty cache.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        describe_metrics();
        let weigh = |name: &String, json: &Arc<[u8]>| {
            u32::try_from(name.len() + json.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        let records = Cache::builder()
            .max_capacity(settings.bytes)
            .weigher(weigh)
            .time_to_live(settings.lifetime);
        Self {
            records: records.build(),
        }
    }

    /// A record, as it is kept here or as `load` finds it. Of those who ask for it at the same
    /// time, one loads.
    pub async fn find<V, E>(
        &self,
        kind: &'static str,
        id: impl Display,
        load: impl Future<Output = Result<Option<V>, E>>,
    ) -> Result<Option<V>, E>
    where
        V: Serialize + DeserializeOwned,
        E: Send + Sync + 'static,
    {
        let key = key(kind, id);
        let kept = self.records.get(&key).await;
        if let Some(record) = kept.and_then(|json| decode(&json)) {
            count(kind, "hit");
            return Ok(Some(record));
        }
        let mut loaded = None;
        let found = &mut loaded;
        // Loads and removals of one record follow upon each other: none that was loaded before a
        // write is put here after it.
        let entry = self.records.entry(key);
        let outcome = entry.and_try_compute_with(|kept| async move {
            if kept.is_some() {
                return Ok(Op::Nop);
            }
            *found = load.await?;
            let json = found.as_ref().and_then(encode);
            Ok(json.map_or(Op::Nop, |json| Op::Put(json.into())))
        });
        if let CompResult::Unchanged(entry) = outcome.await? {
            count(kind, "hit");
            return Ok(decode(entry.value()));
        }
        count(kind, "miss");
        Ok(loaded)
    }

    /// Takes a record out, since it has changed.
    pub async fn forget(&self, kind: &'static str, id: impl Display) {
        let entry = self.records.entry(key(kind, id));
        entry.and_compute_with(async |_| Op::Remove).await;
    }
}
