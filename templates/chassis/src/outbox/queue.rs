//! The queues: what each receiver has not got yet. One that is away keeps its own waiting, and no
//! other.

use sqlx::{query, query_as, query_scalar};

use super::store::Stored;
use crate::{Database, Timestamp, Transaction, execute, read, within};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Events that are sent before it is noted that they were: if the service is killed in between,
/// these are sent twice.
const BATCH: i64 = 100;

const UNQUEUED: &str = r#"
    SELECT "position" FROM "outbox" WHERE "queued_at" IS NULL ORDER BY "position" LIMIT $1
"#;

// Rows are marked one by one: of two transactions, the one with the lower position may be the last
// to commit, so "all up to this one" would take in events that nobody has seen.
const MARK: &str = r#"UPDATE "outbox" SET "queued_at" = $1 WHERE "position" = $2"#;

const INSERT: &str = r#"
    INSERT INTO "outbox_queue" ("receiver", "position") VALUES ($1, $2) ON CONFLICT DO NOTHING
"#;

const NEXT: &str = r#"
    SELECT
        e."position", e."id", e."type" AS "kind", e."subject", e."traceparent", e."data",
        e."created_at"
    FROM "outbox_queue" AS q JOIN "outbox" AS e ON e."position" = q."position"
    WHERE q."receiver" = $1
    ORDER BY q."position"
    LIMIT $2
"#;

const DELETE: &str = r#"DELETE FROM "outbox_queue" WHERE "receiver" = $1 AND "position" = $2"#;

const RECEIVERS: &str = r#"SELECT DISTINCT "receiver" FROM "outbox_queue""#;

const UNQUEUE: &str = r#"
    UPDATE "outbox" SET "queued_at" = NULL
    WHERE "position" IN (SELECT "position" FROM "outbox_queue" WHERE "receiver" = $1)
"#;

const DROP: &str = r#"DELETE FROM "outbox_queue" WHERE "receiver" = $1"#;

/// Of all replicas one fills the queues, and one empties each of them, so that the order is kept.
/// The lock goes with its transaction.
const LOCK: &str = r"
    SELECT pg_try_advisory_xact_lock(CAST(CAST('outbox' AS regclass) AS integer), hashtext($1))
";

/// The lock of those who fill the queues.
const ALL: &str = "";

/// The next events of one queue, and on PostgreSQL the lock on it.
pub(super) struct Batch {
    pub(super) events: Vec<Stored>,
    lock: Option<Transaction>,
}

/// Puts what was written into the queues of all receivers; tells whether there may be more.
pub(super) async fn fill(database: &Database, receivers: &[String]) -> Result<bool> {
    let mut transaction = database.begin().await?;
    if !lock(&mut transaction, ALL).await? {
        return Ok(false);
    }
    let positions: Vec<i64> = within!(transaction, |connection| query_scalar(UNQUEUED)
        .bind(BATCH)
        .fetch_all(connection))?;
    let now = Timestamp::now();
    for position in &positions {
        for receiver in receivers {
            execute!(transaction, query(INSERT).bind(receiver).bind(position))?;
        }
        execute!(transaction, query(MARK).bind(now).bind(position))?;
    }
    transaction.commit().await?;
    Ok(!positions.is_empty())
}

/// Gives up the queues of those that are no receivers any more. When NATS takes their place, it
/// gets what they have not got.
pub(super) async fn keep(database: &Database, receivers: &[String], nats: bool) -> Result<()> {
    let mut transaction = database.begin().await?;
    let queues: Vec<String> = within!(transaction, |connection| query_scalar(RECEIVERS)
        .fetch_all(connection))?;
    for gone in queues.iter().filter(|queue| !receivers.contains(queue)) {
        if nats {
            execute!(transaction, query(UNQUEUE).bind(gone))?;
        }
        let events = execute!(transaction, query(DROP).bind(gone))?;
        tracing::warn!(receiver = gone, events, "is no receiver of events any more");
    }
    transaction.commit().await
}

impl Batch {
    /// The oldest events that wait for this receiver; `None` if another replica is sending to it.
    pub(super) async fn take(database: &Database, receiver: &str) -> Result<Option<Self>> {
        if let Database::Sqlite { .. } = database {
            // The only process that has this file needs no lock, nor should it keep writers waiting.
            let events = read!(database, |pool| query_as(NEXT)
                .bind(receiver)
                .bind(BATCH)
                .fetch_all(pool))?;
            return Ok(Some(Self { events, lock: None }));
        }
        let mut transaction = database.begin().await?;
        if !lock(&mut transaction, receiver).await? {
            return Ok(None);
        }
        let events = within!(transaction, |connection| query_as(NEXT)
            .bind(receiver)
            .bind(BATCH)
            .fetch_all(connection))?;
        let lock = Some(transaction);
        Ok(Some(Self { events, lock }))
    }

    /// Notes that these events, by their positions, have arrived.
    pub(super) async fn arrived(
        self,
        database: &Database,
        receiver: &str,
        positions: &[i64],
    ) -> Result<()> {
        if positions.is_empty() {
            return Ok(());
        }
        let mut transaction = match self.lock {
            Some(lock) => lock,
            None => database.begin().await?,
        };
        for position in positions {
            execute!(transaction, query(DELETE).bind(receiver).bind(position))?;
        }
        transaction.commit().await
    }
}

/// Locks a queue for this transaction, unless another replica has done so.
async fn lock(transaction: &mut Transaction, name: &str) -> Result<bool> {
    match transaction {
        Transaction::Sqlite(_) => Ok(true),
        Transaction::Postgres(transaction) => {
            query_scalar(LOCK)
                .bind(name)
                .fetch_one(&mut **transaction)
                .await
        }
    }
}
