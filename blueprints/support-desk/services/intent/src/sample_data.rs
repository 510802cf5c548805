//! Samples to begin with: `samples/samples.tsv`, each line an intent and a question.

use chassis::{Database, Timestamp, execute};
use sqlx::query;
use uuid::Uuid;

const INSERT: &str = r#"
    INSERT INTO "samples" ("id", "text", "intent", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT ("text") DO NOTHING
"#;

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for (intent, text) in samples() {
        execute!(
            transaction,
            query(INSERT)
                .bind(Uuid::now_v7())
                .bind(text)
                .bind(intent)
                .bind(now)
        )?;
    }
    transaction.commit().await
}

/// The samples: intents and texts.
pub fn samples() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("../samples/samples.tsv").lines();
    lines.filter_map(|line| line.split_once('\t'))
}
