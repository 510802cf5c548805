//! The table of events that wait to be sent, or were sent a while ago.

use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::Event;
use crate::cloud_event::{CloudEvent, SPEC_VERSION};
use crate::{Database, Timestamp, Transaction, execute, read};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Events that are sent before it is noted that they were: if the service is killed in between,
/// these are sent twice.
const BATCH: i64 = 100;

const INSERT: &str = r#"
    INSERT INTO "outbox" ("id", "type", "subject", "data", "created_at")
    VALUES ($1, $2, $3, $4, $5)
"#;

const UNSENT: &str = r#"
    SELECT "position", "id", "type" AS "kind", "subject", "data", "created_at"
    FROM "outbox"
    WHERE "sent_at" IS NULL
    ORDER BY "position"
    LIMIT $1
"#;

// Rows are marked one by one: of two transactions, the one with the lower position may be the last
// to commit, so "all up to this one" would take in events that nobody has seen.
const MARK: &str = r#"UPDATE "outbox" SET "sent_at" = $1 WHERE "position" = $2"#;

const LAG: &str = r#"
    SELECT CAST(COUNT(*) AS INTEGER) AS "waiting", MIN("created_at") AS "oldest"
    FROM "outbox"
    WHERE "sent_at" IS NULL
"#;

const PRUNE: &str = r#"DELETE FROM "outbox" WHERE "sent_at" < $1"#;

/// Of all replicas one sends, so that the order is kept. The lock goes with its transaction.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(CAST(CAST('outbox' AS regclass) AS bigint))";

/// An event as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct Stored {
    pub(super) position: i64,
    pub(super) id: Uuid,
    pub(super) kind: String,
    subject: Option<String>,
    data: Json<Value>,
    created_at: Timestamp,
}

/// What is to be sent now, and on PostgreSQL the lock on it.
pub(super) struct Batch {
    pub(super) events: Vec<Stored>,
    lock: Option<Transaction>,
}

/// What waits to be sent.
#[derive(Debug, FromRow)]
pub(super) struct Lag {
    pub(super) waiting: i32,
    pub(super) oldest: Option<Timestamp>,
}

pub(super) async fn insert<E: Event>(transaction: &mut Transaction, event: &E) -> Result<()> {
    let (id, now) = (Uuid::now_v7(), Timestamp::now());
    let inserted = execute!(
        transaction,
        query(INSERT)
            .bind(id)
            .bind(E::TYPE)
            .bind(event.subject())
            .bind(Json(event))
            .bind(now)
    );
    inserted.map(drop)
}

impl Batch {
    /// The oldest events that wait; `None` if another replica is sending.
    pub(super) async fn take(database: &Database) -> Result<Option<Self>> {
        let Database::Postgres(pool) = database else {
            // The only process that has this file needs no lock, nor should it keep writers waiting.
            let events = read!(database, |pool| query_as(UNSENT)
                .bind(BATCH)
                .fetch_all(pool))?;
            return Ok(Some(Self { events, lock: None }));
        };
        let mut lock = pool.begin().await?;
        if !query_scalar(LOCK).fetch_one(&mut *lock).await? {
            return Ok(None);
        }
        let events = query_as(UNSENT).bind(BATCH).fetch_all(&mut *lock).await?;
        let lock = Some(Transaction::Postgres(lock));
        Ok(Some(Self { events, lock }))
    }

    /// Notes that these events, by their positions, were sent.
    pub(super) async fn sent(self, database: &Database, positions: &[i64]) -> Result<()> {
        if positions.is_empty() {
            return Ok(());
        }
        let now = Timestamp::now();
        let mut transaction = match self.lock {
            Some(lock) => lock,
            None => database.begin().await?,
        };
        for position in positions {
            execute!(transaction, query(MARK).bind(now).bind(position))?;
        }
        transaction.commit().await
    }
}

impl Stored {
    /// As others see it.
    pub(super) fn to_cloud_event(&self, source: &str) -> CloudEvent {
        CloudEvent {
            specversion: SPEC_VERSION.to_owned(),
            source: source.to_owned(),
            id: self.id.to_string(),
            kind: self.kind.clone(),
            subject: self.subject.clone(),
            time: Some(self.created_at),
            datacontenttype: Some("application/json".to_owned()),
            data: self.data.0.clone(),
        }
    }
}

/// What waits to be sent.
pub(super) async fn lag(database: &Database) -> Result<Lag> {
    read!(database, |pool| query_as(LAG).fetch_one(pool))
}

/// Deletes what was sent before `then`.
pub(super) async fn prune(database: &Database, then: Timestamp) -> Result<()> {
    let mut transaction = database.begin().await?;
    execute!(transaction, query(PRUNE).bind(then))?;
    transaction.commit().await
}
