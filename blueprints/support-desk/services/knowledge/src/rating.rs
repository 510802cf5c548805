//! What customers say of answers.

use chassis::{CloudEvent, Transaction, execute};
use serde::Deserialize;
use sqlx::query;
use uuid::Uuid;

// Of what was said of an answer the latest counts, in whichever order it arrives.
const KEEP: &str = r#"
    INSERT INTO "ratings" ("question", "article", "text", "helpful", "revision")
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT ("question") DO UPDATE
    SET "article" = $2, "text" = $3, "helpful" = $4, "revision" = $5
    WHERE "ratings"."revision" < $5
"#;

/// What the event `answer.rated` tells.
#[derive(Debug, Deserialize)]
struct Rating {
    question: Uuid,
    article: Uuid,
    text: String,
    helpful: bool,
    revision: i64,
}

/// Keeps what an event tells, unless something later is known.
///
/// # Errors
/// The event is not what its publisher promises, or the database failed.
pub async fn keep(transaction: &mut Transaction, event: &CloudEvent) -> anyhow::Result<()> {
    let rating = Rating::deserialize(&event.data)?;
    execute!(
        transaction,
        query(KEEP)
            .bind(rating.question)
            .bind(rating.article)
            .bind(&rating.text)
            .bind(rating.helpful)
            .bind(rating.revision)
    )?;
    Ok(())
}
