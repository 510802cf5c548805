//! Questions in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Transaction, execute, outbox, read};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::model::{Question, Reason, Status};
use crate::events::{AnswerRated, QuestionClosed, QuestionEscalated};

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "questions"
        ("id", "conversation", "text", "topic", "status", "reason", "answer", "article", "missing",
        "revision", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"#;

const FIND: &str = r#"
    SELECT "id", "conversation", "text", "topic", "status", "reason", "answer", "article", "agent",
        "helpful", "missing", "revision", "created_at", "updated_at"
    FROM "questions"
    WHERE "id" = $1
"#;

const OF: &str = r#"
    SELECT "id", "conversation", "text", "topic", "status", "reason", "answer", "article", "agent",
        "helpful", "missing", "revision", "created_at", "updated_at"
    FROM "questions"
    WHERE "conversation" = $1
    ORDER BY "id"
    LIMIT 200
"#;

const LAST: &str = r#"
    SELECT q."topic", q."status"
    FROM "conversations" AS c LEFT JOIN "questions" AS q ON q."conversation" = c."id"
    WHERE c."id" = $1
    ORDER BY q."id" DESC
    LIMIT 1
"#;

// Whoever gets here first changes it: it must be as it was when they looked.
const CHANGE: &str = r#"
    UPDATE "questions"
    SET "status" = $3, "reason" = $4, "answer" = $5, "agent" = $6, "helpful" = $7, "revision" = $8,
        "updated_at" = $9
    WHERE "id" = $1 AND "revision" = $2
"#;

/// How a conversation stands: what its last question was about, and what became of that.
#[derive(Debug, Default, FromRow)]
pub struct Last {
    pub topic: Option<String>,
    pub status: Option<Status>,
}

/// How a conversation stands, if there is one.
pub async fn last(db: &Database, conversation: Uuid) -> Result<Option<Last>> {
    read!(db, |pool| query_as(LAST)
        .bind(conversation)
        .fetch_optional(pool))
}

/// The question with this id, if there is one.
pub async fn find(db: &Database, id: Uuid) -> Result<Option<Question>> {
    read!(db, |pool| query_as(FIND).bind(id).fetch_optional(pool))
}

/// The questions of a conversation, oldest first.
pub async fn of(db: &Database, conversation: Uuid) -> Result<Vec<Question>> {
    read!(db, |pool| query_as(OF).bind(conversation).fetch_all(pool))
}

/// Stores a new question, and tells others if it waits for people.
pub async fn insert(transaction: &mut Transaction, question: &Question) -> Result<()> {
    execute!(
        transaction,
        query(INSERT)
            .bind(question.id)
            .bind(question.conversation)
            .bind(&question.text)
            .bind(&question.topic)
            .bind(question.status)
            .bind(question.reason)
            .bind(&question.answer)
            .bind(question.article)
            .bind(&question.missing)
            .bind(question.revision)
            .bind(question.created_at)
            .bind(question.updated_at)
    )?;
    tell(transaction, None, question).await
}

/// Changes a question, and tells others what concerns them; false if another one has changed it
/// meanwhile.
pub async fn change(db: &Database, before: &Question, after: &Question) -> Result<bool> {
    if before == after {
        return Ok(true);
    }
    let mut transaction = db.begin().await?;
    let changed = execute!(
        transaction,
        query(CHANGE)
            .bind(before.id)
            .bind(before.revision)
            .bind(after.status)
            .bind(after.reason)
            .bind(&after.answer)
            .bind(&after.agent)
            .bind(after.helpful)
            .bind(after.revision)
            .bind(after.updated_at)
    )?;
    if changed == 0 {
        return Ok(false);
    }
    tell(&mut transaction, Some(before), after).await?;
    transaction.commit().await?;
    outbox::wake();
    Ok(true)
}

/// Those who are concerned learn of it in the transaction of the change itself.
async fn tell(
    transaction: &mut Transaction,
    before: Option<&Question>,
    after: &Question,
) -> Result<()> {
    let (question, conversation, revision) = (after.id, after.conversation, after.revision);
    let was_waiting = before.is_some_and(|before| before.status == Status::Escalated);
    if after.status == Status::Escalated && !was_waiting {
        let event = QuestionEscalated {
            question,
            conversation,
            text: after.text.clone(),
            reason: after.reason.map_or("", Reason::as_str).to_owned(),
            revision,
        };
        outbox::write(transaction, &event).await?;
    }
    if after.status == Status::Answered && was_waiting {
        let event = QuestionClosed {
            question,
            conversation,
            revision,
        };
        outbox::write(transaction, &event).await?;
    }
    let was_helpful = before.and_then(|before| before.helpful);
    if let (Some(helpful), Some(article)) = (after.helpful, after.article)
        && was_helpful != Some(helpful)
    {
        let event = AnswerRated {
            question,
            article,
            text: after.text.clone(),
            helpful,
            revision,
        };
        outbox::write(transaction, &event).await?;
    }
    Ok(())
}
