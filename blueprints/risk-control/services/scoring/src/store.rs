//! Models that training has published, and the rules, in the database. Every statement is
//! understood by SQLite and PostgreSQL alike.

use chassis::{Database, Timestamp, Transaction, execute, read};
use sqlx::types::{Json, JsonValue};
use sqlx::{query, query_as};

use crate::rules::Rules;

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT_MODEL: &str = r#"
    INSERT INTO "models" ("id", "document", "metrics", "received_at") VALUES ($1, $2, $3, $4)
    ON CONFLICT ("id") DO NOTHING
"#;

const MODELS: &str = r#"SELECT "id", "document", "metrics" FROM "models" ORDER BY "id""#;

const INSERT_RULES: &str = r#"
    INSERT INTO "rules" ("document", "created_at") VALUES ($1, $2)
"#;

const RULES: &str = r#"
    SELECT "revision", "document" FROM "rules" ORDER BY "revision" DESC LIMIT 1
"#;

const STATE: &str = r#"
    SELECT
        (SELECT COUNT(*) FROM "models") AS "models",
        (SELECT COALESCE(MAX("revision"), 0) FROM "rules") AS "rules"
"#;

/// A model with its id and what training says of it.
pub type Stored = (i64, JsonValue, JsonValue);

/// Keeps a model, once.
pub async fn insert_model(
    transaction: &mut Transaction,
    id: i64,
    document: &JsonValue,
    metrics: &JsonValue,
) -> Result<()> {
    execute!(
        transaction,
        query(INSERT_MODEL)
            .bind(id)
            .bind(document)
            .bind(metrics)
            .bind(Timestamp::now())
    )
    .map(drop)
}

/// All models, also those that are of no use.
pub async fn models(db: &Database) -> Result<Vec<Stored>> {
    read!(db, |pool| query_as(MODELS).fetch_all(pool))
}

/// Keeps new rules; those from before stay, for whoever wants to know what was in use when.
pub async fn insert_rules(db: &Database, rules: &Rules) -> Result<()> {
    let mut transaction = db.begin().await?;
    execute!(
        transaction,
        query(INSERT_RULES).bind(Json(rules)).bind(Timestamp::now())
    )?;
    transaction.commit().await
}

/// The latest rules with their revision, if any were given.
pub async fn rules(db: &Database) -> Result<Option<(i64, JsonValue)>> {
    read!(db, |pool| query_as(RULES).fetch_optional(pool))
}

/// What changes whenever there is something new.
pub async fn state(db: &Database) -> Result<(i64, i64)> {
    read!(db, |pool| query_as(STATE).fetch_one(pool))
}
