//! Transactions in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Decimal, Transaction as Within, execute, outbox, read};
use serde_json::json;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::model::Transaction;
use crate::events::TransactionAssessed;

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "transactions"
        ("id", "card", "amount", "country", "at", "decision", "score", "basis", "model", "reasons",
        "features", "created_at")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"#;

const FIND: &str = r#"
    SELECT "id", "card", "amount", "country", "at", "decision", "score", "basis", "model",
        "reasons", "features", "created_at"
    FROM "transactions"
    WHERE "id" = $1
"#;

const LIST: &str = r#"
    SELECT "id", "card", "amount", "country", "at", "decision", "score", "basis", "model",
        "reasons", "features", "created_at"
    FROM "transactions"
    WHERE "id" > $1
    ORDER BY "id"
    LIMIT $2
"#;

/// Stores a transaction, and with it the event that tells of it.
pub async fn insert(within: &mut Within, transaction: &Transaction) -> Result<()> {
    execute!(
        within,
        query(INSERT)
            .bind(transaction.id)
            .bind(&transaction.card)
            .bind(transaction.amount)
            .bind(&transaction.country)
            .bind(transaction.at)
            .bind(transaction.decision)
            .bind(transaction.score)
            .bind(transaction.basis)
            .bind(transaction.model)
            .bind(&transaction.reasons)
            .bind(&transaction.features)
            .bind(transaction.created_at)
    )?;
    outbox::write(within, &told(transaction)?).await
}

fn told(transaction: &Transaction) -> Result<TransactionAssessed> {
    // Events have room for more digits.
    let amount = Decimal::new(transaction.amount.get());
    Ok(TransactionAssessed {
        transaction: transaction.id,
        card: transaction.card.clone(),
        amount: amount.map_err(|why| sqlx::Error::Encode(why.into()))?,
        country: transaction.country.clone(),
        at: transaction.at,
        decision: transaction.decision.name().to_owned(),
        score: transaction.score,
        reasons: json!(transaction.reasons),
        features: transaction.features.clone(),
    })
}

/// The transaction with this id, if there is one.
pub async fn find(db: &Database, id: Uuid) -> Result<Option<Transaction>> {
    read!(db, |pool| query_as(FIND).bind(id).fetch_optional(pool))
}

/// Up to `rows` transactions behind `after`, oldest first.
pub async fn list(db: &Database, after: Option<Uuid>, rows: i64) -> Result<Vec<Transaction>> {
    // The nil UUID comes before every id.
    let after = after.unwrap_or_default();
    read!(db, |pool| query_as(LIST)
        .bind(after)
        .bind(rows)
        .fetch_all(pool))
}
