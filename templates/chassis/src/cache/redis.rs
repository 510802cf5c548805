//! A cache in Redis, which all replicas share. It is spared rather than waited for: when it is
//! away or slow, reads go to the database.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::sleep;
use uuid::Uuid;

use self::server::{Away, Server};
use super::{count, decode, describe_metrics, encode, key};
use crate::settings;

mod server;
#[cfg(test)]
mod tests;

/// So many records, more or less, are loaded at the same time.
const TURNS: usize = 256;

/// How long to wait for another replica that is loading the same record.
const LOOKS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// Where it is, and how long records stay.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its address; empty for none.
    pub url: String,
    /// The age at which a record goes.
    pub lifetime: Duration,
}

impl Settings {
    /// Reads those that were set.
    pub fn read(given: &mut settings::Settings) -> Self {
        Self {
            url: given.get("REDIS_URL", String::new()),
            lifetime: given.seconds("CACHE_TTL", Duration::from_mins(1)),
        }
    }
}

/// The cache; cheap to clone.
#[derive(Clone)]
pub struct Redis(Option<Arc<Shared>>);

struct Shared {
    server: Server,
    /// Before the names of all records: services may share a Redis.
    prefix: String,
    /// Of those in this process who miss the same record, one goes on.
    turns: Vec<Mutex<()>>,
}

/// What is in Redis in the place of a record.
enum Place<V> {
    Record(V),
    /// Nothing but our announcement that we load it.
    Ours(String),
    /// The announcement of others.
    Theirs,
}

impl Redis {
    /// The cache of the service `name`. It connects when it is asked for the first time, and again
    /// when it was lost.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(settings: &Settings, name: &str) -> anyhow::Result<Self> {
        describe_metrics();
        if settings.url.is_empty() {
            tracing::info!("nothing is cached until REDIS_URL says where");
            return Ok(Self(None));
        }
        let server = Server::new(&settings.url, settings.lifetime);
        let server = server.context("REDIS_URL is not valid")?;
        Ok(Self(Some(Arc::new(Shared {
            server,
            prefix: name.to_owned(),
            turns: (0..TURNS).map(|_| Mutex::default()).collect(),
        }))))
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
    {
        let Some(shared) = &self.0 else {
            return load.await;
        };
        let key = shared.key(kind, id);
        let Ok(kept) = shared.server.get(&key).await else {
            count(kind, "away");
            return load.await;
        };
        if let Some(record) = kept.and_then(|json| decode(&json)) {
            count(kind, "hit");
            return Ok(Some(record));
        }
        let _turn = shared.turn(&key).lock().await;
        let (outcome, announced) = match shared.place(&key).await {
            Ok(Place::Record(record)) => {
                count(kind, "hit");
                return Ok(Some(record));
            }
            Ok(Place::Ours(announcement)) => ("miss", Some(announcement)),
            Ok(Place::Theirs) => ("miss", None),
            Err(Away) => ("away", None),
        };
        count(kind, outcome);
        let loaded = load.await;
        if let Some(announcement) = announced {
            let json = match &loaded {
                Ok(Some(record)) => encode(record),
                _ => None,
            };
            shared.server.keep(&key, &announcement, json).await;
        }
        loaded
    }

    /// Takes a record out, since it has changed.
    pub async fn forget(&self, kind: &'static str, id: impl Display) {
        if let Some(shared) = &self.0 {
            let key = shared.key(kind, id);
            shared.server.delete(&key).await;
        }
    }
}

impl Shared {
    fn key(&self, kind: &str, id: impl Display) -> String {
        format!("{}/{}", self.prefix, key(kind, id))
    }

    fn turn(&self, key: &str) -> &Mutex<()> {
        let sum = key.bytes().fold(0, |sum: usize, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
        &self.turns[sum % TURNS]
    }

    /// What is in the place of a record, which is announced unless it is there.
    ///
    /// A write takes the announcement out as it does the record. So what was loaded before a write
    /// finds no place after it, in this replica or another.
    async fn place<V: DeserializeOwned>(&self, key: &str) -> Result<Place<V>, Away> {
        let announcement = format!("loading {}", Uuid::new_v4());
        for _ in 0..LOOKS {
            if self.server.announce(key, &announcement).await? {
                return Ok(Place::Ours(announcement));
            }
            match self.server.get(key).await? {
                Some(other) if other.starts_with(b"loading ") => sleep(PAUSE).await,
                Some(json) => match decode(&json) {
                    Some(record) => return Ok(Place::Record(record)),
                    None => self.server.delete(key).await,
                },
                None => {}
            }
        }
        Ok(Place::Theirs)
    }
}
