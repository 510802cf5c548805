//! Movements in the database. Every statement is understood by SQLite and PostgreSQL alike.

use std::time::Duration;

use chassis::cache::Redis;
use chassis::{Database, Timestamp, Transaction, execute, read};
use sqlx::{query, query_as};

use crate::window::Movement;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// How the cache calls the movements of a card.
const KIND: &str = "card";

/// So many movements of a card are looked at, the latest.
const LATEST: i64 = 256;

/// For how long they are kept: whoever asks about a payment of yesterday finds the month before it.
const KEPT: Duration = Duration::from_hours(60 * 24);

const INSERT: &str = r#"
    INSERT INTO "movements" ("transaction_id", "card", "at", "amount", "country")
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT ("transaction_id") DO NOTHING
"#;

const PRUNE: &str = r#"DELETE FROM "movements" WHERE "card" = $1 AND "at" < $2"#;

const RECENT: &str = r#"
    SELECT "transaction_id", "at", "amount", "country"
    FROM "movements"
    WHERE "card" = $1
    ORDER BY "at" DESC, "transaction_id"
    LIMIT $2
"#;

/// Notes a movement, once.
pub async fn insert(transaction: &mut Transaction, card: &str, movement: &Movement) -> Result<()> {
    execute!(
        transaction,
        query(INSERT)
            .bind(movement.transaction_id)
            .bind(card)
            .bind(movement.at)
            .bind(movement.amount)
            .bind(&movement.country)
    )?;
    let oldest = Timestamp::from(movement.at.get() - KEPT);
    execute!(transaction, query(PRUNE).bind(card).bind(oldest)).map(drop)
}

/// The latest movements of a card. They are what is cached, not the features: those change with
/// time, these with events only.
pub async fn recent(db: &Database, cache: &Redis, card: &str) -> Result<Vec<Movement>> {
    let load = async {
        let found = read!(db, |pool| query_as(RECENT)
            .bind(card)
            .bind(LATEST)
            .fetch_all(pool));
        found.map(Some)
    };
    let found = cache.find(KIND, card, load).await?;
    Ok(found.unwrap_or_default())
}

/// Takes a card out of the cache.
pub async fn forget(cache: &Redis, card: &str) {
    cache.forget(KIND, card).await;
}
