//! The server, as far as a cache needs it: what it does not answer in time is done without it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, RedisResult, cmd};
use tokio::sync::OnceCell;
use tokio::time::timeout;
use uuid::Uuid;

/// How long a request waits for Redis at most.
const PATIENCE: Duration = Duration::from_millis(100);

/// For how long reads spare it after a failure.
const BREAK: Duration = Duration::from_secs(1);

/// Until when others may wait for one who has announced to load a record.
const ANNOUNCED: Duration = Duration::from_secs(2);

/// Puts a record in the place of its announcement, if that is still there.
const KEEP: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then \
    return redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end";

/// Takes an announcement back.
const WITHDRAW: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then \
    return redis.call('DEL', KEYS[1]) end";

/// It could not be asked, or did not answer in time.
#[derive(Debug)]
pub(super) struct Away;

pub(super) struct Server {
    client: Client,
    connection: OnceCell<ConnectionManager>,
    lifetime: Duration,
    /// Until when it is spared.
    spared: Mutex<Option<Instant>>,
}

impl Server {
    pub(super) fn new(url: &str, lifetime: Duration) -> RedisResult<Self> {
        // The cryptography that the database's driver has brought along already.
        drop(rustls::crypto::ring::default_provider().install_default());
        metrics::describe_counter!("cache_failures_total", "What Redis did not answer in time.");
        Ok(Self {
            client: Client::open(url)?,
            connection: OnceCell::new(),
            lifetime,
            spared: Mutex::default(),
        })
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Away> {
        self.unless_spared(cmd("GET").arg(key)).await
    }

    /// Says that a record is about to be loaded; tells whether nobody has, and it is not there.
    pub(super) async fn announce(&self, key: &str, announcement: &str) -> Result<bool, Away> {
        let mut set = cmd("SET");
        set.arg(key).arg(announcement).arg("NX").arg("PX");
        let done: Option<String> = self.unless_spared(set.arg(millis(ANNOUNCED))).await?;
        Ok(done.is_some())
    }

    /// Keeps what was announced, unless a write has come between; `None` withdraws it.
    pub(super) async fn keep(&self, key: &str, announcement: &str, json: Option<Vec<u8>>) {
        let mut eval = cmd("EVAL");
        match json {
            Some(json) => eval.arg(KEEP).arg(1).arg(key).arg(announcement).arg(json),
            None => eval.arg(WITHDRAW).arg(1).arg(key).arg(announcement),
        };
        // Not all at the same time: what was loaded together would be missed together.
        let less = Uuid::new_v4().as_u128() % 100;
        let lifetime = millis(self.lifetime);
        eval.arg(lifetime - lifetime * u64::try_from(less).unwrap_or_default() / 1000);
        let _: Result<redis::Value, Away> = self.unless_spared(&eval).await;
    }

    /// Not spared: what is not taken out now is shown until its time is over.
    pub(super) async fn delete(&self, key: &str) {
        let _: Result<redis::Value, Away> = self.ask(cmd("DEL").arg(key)).await;
    }

    /// What connects with the first command, and again when the connection is lost.
    fn connect(&self) -> RedisResult<ConnectionManager> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(0);
        ConnectionManager::new_lazy_with_config(self.client.clone(), config)
    }

    async fn unless_spared<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        let spared = *self.spared.lock().unwrap_or_else(PoisonError::into_inner);
        match spared {
            Some(until) if Instant::now() < until => Err(Away),
            _ => self.ask(command).await,
        }
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        let answer = async {
            let connection = self.connection.get_or_try_init(async || self.connect());
            let connection = connection.await?;
            command.query_async(&mut connection.clone()).await
        };
        let error = match timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error.to_string(),
            Err(elapsed) => elapsed.to_string(),
        };
        metrics::counter!("cache_failures_total").increment(1);
        let mut spared = self.spared.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        // Told once, and not by every request of that second.
        if spared.is_none_or(|until| until < now) {
            tracing::warn!(error, "Redis does not answer; reads go to the database");
            *spared = Some(now + BREAK);
        }
        Err(Away)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
