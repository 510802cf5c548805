//! The table of events that have arrived.

use serde::Serialize;
use sqlx::types::Json;
use sqlx::{FromRow, query, query_as, query_scalar};

use crate::{CloudEvent, Database, Timestamp, Transaction, execute, read, within, write};

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "inbox" ("source", "id", "type", "event", "received_at", "due_at")
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT ("source", "id") DO NOTHING
    RETURNING "position"
"#;

const DUE: &str = r#"
    SELECT "position", "event", "attempts"
    FROM "inbox"
    WHERE "due_at" <= $1
    ORDER BY "due_at", "position"
    LIMIT 1
"#;

/// Other replicas take others.
const DUE_AND_FREE: &str = r#"
    SELECT "position", "event", "attempts"
    FROM "inbox"
    WHERE "due_at" <= $1
    ORDER BY "due_at", "position"
    LIMIT 1
    FOR UPDATE SKIP LOCKED
"#;

const DONE: &str = r#"
    UPDATE "inbox"
    SET "attempts" = "attempts" + 1, "done_at" = $2, "due_at" = NULL, "error" = NULL
    WHERE "position" = $1
"#;

const FAILED: &str = r#"
    UPDATE "inbox"
    SET "attempts" = "attempts" + 1, "due_at" = $2, "dead_at" = $3, "error" = $4
    WHERE "position" = $1
"#;

const LAG: &str = r#"
    SELECT
        CAST(COUNT("due_at") AS INTEGER) AS "waiting",
        MIN(CASE WHEN "due_at" IS NULL THEN NULL ELSE "received_at" END) AS "oldest",
        CAST(COUNT("dead_at") AS INTEGER) AS "dead"
    FROM "inbox"
    WHERE "done_at" IS NULL
"#;

const PRUNE: &str = r#"DELETE FROM "inbox" WHERE "done_at" < $1"#;

const DEAD: &str = r#"
    SELECT "position", "event", "attempts", "error", "dead_at"
    FROM "inbox"
    WHERE "dead_at" IS NOT NULL AND "position" > $1
    ORDER BY "position"
    LIMIT $2
"#;

const REPLAY: &str = r#"
    UPDATE "inbox"
    SET "attempts" = 0, "due_at" = $1, "dead_at" = NULL
    WHERE "dead_at" IS NOT NULL AND "position" = COALESCE($2, "position")
"#;

const DISCARD: &str = r#"DELETE FROM "inbox" WHERE "dead_at" IS NOT NULL AND "position" = $1"#;

/// An event whose time has come.
#[derive(Debug, FromRow)]
pub(super) struct Due {
    pub(super) position: i64,
    pub(super) event: Json<CloudEvent>,
    attempts: i64,
}

/// What waits.
#[derive(Debug, FromRow)]
pub(super) struct Lag {
    pub(super) waiting: i32,
    pub(super) oldest: Option<Timestamp>,
    pub(super) dead: i32,
}

/// An event that is not tried any more.
#[derive(Debug, Serialize, FromRow)]
pub struct DeadLetter {
    position: i64,
    event: Json<CloudEvent>,
    attempts: i64,
    error: Option<String>,
    dead_at: Timestamp,
}

impl Due {
    /// How often it was tried, this time included.
    pub(super) fn attempt(&self) -> usize {
        usize::try_from(self.attempts).unwrap_or_default() + 1
    }
}

/// Stores an event; tells whether it is new.
pub(super) async fn insert(database: &Database, event: &CloudEvent) -> Result<bool> {
    let now = Timestamp::now();
    let inserted: Option<i64> = write!(database, |pool| query_scalar(INSERT)
        .bind(&event.source)
        .bind(&event.id)
        .bind(&event.kind)
        .bind(Json(event))
        .bind(now)
        .bind(now)
        .fetch_optional(pool))?;
    Ok(inserted.is_some())
}

/// The event that has been due for longest, if there is one. It is this transaction's until its
/// end.
pub(super) async fn due(transaction: &mut Transaction) -> Result<Option<Due>> {
    let sql = match transaction {
        Transaction::Sqlite(_) => DUE,
        Transaction::Postgres(_) => DUE_AND_FREE,
    };
    let now = Timestamp::now();
    within!(transaction, |connection| query_as(sql)
        .bind(now)
        .fetch_optional(connection))
}

pub(super) async fn done(transaction: &mut Transaction, position: i64) -> Result<()> {
    let now = Timestamp::now();
    execute!(transaction, query(DONE).bind(position).bind(now)).map(drop)
}

/// Notes a failed attempt: the event is due again at `next`, or without that it is dead.
pub(super) async fn failed(
    transaction: &mut Transaction,
    position: i64,
    next: Option<Timestamp>,
    error: &str,
) -> Result<()> {
    let dead = next.is_none().then(Timestamp::now);
    execute!(
        transaction,
        query(FAILED)
            .bind(position)
            .bind(next)
            .bind(dead)
            .bind(error)
    )
    .map(drop)
}

pub(super) async fn lag(database: &Database) -> Result<Lag> {
    read!(database, |pool| query_as(LAG).fetch_one(pool))
}

/// Forgets what was handled before `then`.
pub(super) async fn prune(database: &Database, then: Timestamp) -> Result<()> {
    let mut transaction = database.begin().await?;
    execute!(transaction, query(PRUNE).bind(then))?;
    transaction.commit().await
}

/// Up to `rows` dead letters behind the position `after`.
pub(super) async fn dead(database: &Database, after: i64, rows: i64) -> Result<Vec<DeadLetter>> {
    read!(database, |pool| query_as(DEAD)
        .bind(after)
        .bind(rows)
        .fetch_all(pool))
}

/// Makes one dead letter, or all of them, due again; tells how many.
pub(super) async fn replay(database: &Database, position: Option<i64>) -> Result<u64> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    let replayed = execute!(transaction, query(REPLAY).bind(now).bind(position))?;
    transaction.commit().await?;
    Ok(replayed)
}

/// Drops a dead letter; tells whether there was one.
pub(super) async fn discard(database: &Database, position: i64) -> Result<bool> {
    let mut transaction = database.begin().await?;
    let discarded = execute!(transaction, query(DISCARD).bind(position))?;
    transaction.commit().await?;
    Ok(discarded > 0)
}
