//! What is told of questions. Events of one question carry its revision: of two the later one
//! counts, in whichever order they arrive.

use anyhow::bail;
use chassis::{CloudEvent, Timestamp, Transaction, execute};
use serde::Deserialize;
use sqlx::query;
use sqlx::types::Uuid;

const KEEP: &str = r#"
    INSERT INTO "tickets"
        ("question", "conversation", "text", "reason", "status", "revision", "created_at")
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT ("question") DO UPDATE
    SET "text" = $3, "reason" = $4, "status" = $5, "agent" = NULL, "revision" = $6,
        "created_at" = $7
    WHERE "tickets"."revision" < $6
"#;

/// `question.escalated`, and `question.closed`, which says less.
#[derive(Debug, Deserialize)]
struct Told {
    question: Uuid,
    conversation: Uuid,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    revision: i64,
}

/// Keeps what an event tells, unless something later is known.
///
/// # Errors
/// The event is not what its publisher promises, or the database failed.
pub async fn handle(transaction: &mut Transaction, event: &CloudEvent) -> anyhow::Result<()> {
    let status = match event.kind.as_str() {
        "question.escalated" => "open",
        "question.closed" => "closed",
        other => bail!("{other} has no handler"),
    };
    let told = Told::deserialize(&event.data)?;
    execute!(
        transaction,
        query(KEEP)
            .bind(told.question)
            .bind(told.conversation)
            .bind(&told.text)
            .bind(&told.reason)
            .bind(status)
            .bind(told.revision)
            // Who has waited for longest comes first, whenever it was told here.
            .bind(event.time.unwrap_or_else(Timestamp::now))
    )?;
    Ok(())
}
