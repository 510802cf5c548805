//! The table of events: those that were just written, and those of a while ago.

use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::Event;
use crate::cloud_event::{CloudEvent, SPEC_VERSION};
use crate::{Database, Timestamp, Transaction, execute, read, trace};

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "outbox" ("id", "type", "subject", "traceparent", "data", "created_at")
    VALUES ($1, $2, $3, $4, $5, $6)
"#;

// Not asked of the whole table, which holds what was sent for as long as it is kept.
const LAG: &str = r#"
    SELECT CAST(COUNT(*) AS INTEGER) AS "waiting", MIN("created_at") AS "oldest"
    FROM (
        SELECT "position", "created_at" FROM "outbox" WHERE "queued_at" IS NULL
        UNION
        SELECT e."position", e."created_at"
        FROM "outbox_queue" AS q JOIN "outbox" AS e ON e."position" = q."position"
    ) AS "unsent"
"#;

const PRUNE: &str = r#"
    DELETE FROM "outbox"
    WHERE "queued_at" < $1
        AND NOT EXISTS (SELECT 1 FROM "outbox_queue" AS q WHERE q."position" = "outbox"."position")
"#;

/// An event as it is stored.
#[derive(Debug, FromRow)]
pub(super) struct Stored {
    pub(super) position: i64,
    id: Uuid,
    kind: String,
    subject: Option<String>,
    traceparent: Option<String>,
    data: Json<Value>,
    created_at: Timestamp,
}

/// What waits to be sent.
#[derive(Debug, FromRow)]
pub(super) struct Lag {
    pub(super) waiting: i32,
    pub(super) oldest: Option<Timestamp>,
}

pub(super) async fn insert<E: Event>(transaction: &mut Transaction, event: &E) -> Result<()> {
    let (id, now) = (Uuid::now_v7(), Timestamp::now());
    let traceparent = trace::current().map(|context| context.to_string());
    let inserted = execute!(
        transaction,
        query(INSERT)
            .bind(id)
            .bind(E::TYPE)
            .bind(event.subject())
            .bind(traceparent)
            .bind(Json(event))
            .bind(now)
    );
    inserted.map(drop)
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
            traceparent: self.traceparent.clone(),
            datacontenttype: Some("application/json".to_owned()),
            data: self.data.0.clone(),
        }
    }
}

/// What has not reached all who are to get it.
pub(super) async fn lag(database: &Database) -> Result<Lag> {
    read!(database, |pool| query_as(LAG).fetch_one(pool))
}

/// Deletes what was written before `then` and has reached everybody.
pub(super) async fn prune(database: &Database, then: Timestamp) -> Result<()> {
    let mut transaction = database.begin().await?;
    execute!(transaction, query(PRUNE).bind(then))?;
    transaction.commit().await
}
