//! Tickets in the database. Every statement is understood by SQLite and PostgreSQL alike, but for
//! the one that looks for the next ticket.

use chassis::{Database, Transaction, execute, read, within};
use sqlx::types::Uuid;
use sqlx::{query, query_as, query_scalar};

use super::model::{Status, Ticket};

type Result<T> = std::result::Result<T, sqlx::Error>;

const WAITING: &str = r#"
    SELECT "question", "conversation", "text", "reason", "status", "agent", "created_at"
    FROM "tickets"
    WHERE "status" IN ('open', 'taken')
    ORDER BY "created_at", "question"
    LIMIT 100
"#;

const FIND: &str = r#"
    SELECT "question", "conversation", "text", "reason", "status", "agent", "created_at"
    FROM "tickets"
    WHERE "question" = $1
"#;

const OWN: &str = r#"
    SELECT "question", "conversation", "text", "reason", "status", "agent", "created_at"
    FROM "tickets"
    WHERE "agent" = $1 AND "status" = 'taken'
"#;

const NEXT: &str = r#"
    SELECT "question"
    FROM "tickets"
    WHERE "status" = 'open'
    ORDER BY "created_at", "question"
    LIMIT 1
"#;

/// Others who look at the same time get others.
const NEXT_AND_FREE: &str = r#"
    SELECT "question"
    FROM "tickets"
    WHERE "status" = 'open'
    ORDER BY "created_at", "question"
    LIMIT 1
    FOR UPDATE SKIP LOCKED
"#;

const TAKE: &str = r#"
    UPDATE "tickets" SET "status" = 'taken', "agent" = $2
    WHERE "question" = $1 AND "status" = 'open'
    RETURNING "question", "conversation", "text", "reason", "status", "agent", "created_at"
"#;

// Only who has taken a ticket decides what becomes of it.
const SETTLE: &str = r#"
    UPDATE "tickets"
    SET "status" = $3, "agent" = CASE WHEN $3 = 'open' THEN NULL ELSE "agent" END
    WHERE "question" = $1 AND "agent" = $2 AND "status" = 'taken'
"#;

/// The tickets that wait, and those that somebody works on, oldest first.
pub async fn waiting(db: &Database) -> Result<Vec<Ticket>> {
    read!(db, |pool| query_as(WAITING).fetch_all(pool))
}

/// The ticket of a question, if there is one.
pub async fn find(db: &Database, question: Uuid) -> Result<Option<Ticket>> {
    read!(db, |pool| query_as(FIND)
        .bind(question)
        .fetch_optional(pool))
}

/// The ticket that somebody has taken, or else the next one, which is theirs from now on.
pub async fn take(db: &Database, agent: &str) -> Result<Option<Ticket>> {
    let mut transaction = db.begin().await?;
    let own: Option<Ticket> = within!(transaction, |connection| query_as(OWN)
        .bind(agent)
        .fetch_optional(connection))?;
    if own.is_some() {
        return Ok(own);
    }
    let next = match transaction {
        Transaction::Sqlite(_) => NEXT,
        Transaction::Postgres(_) => NEXT_AND_FREE,
    };
    let next: Option<Uuid> = within!(transaction, |connection| query_scalar(next)
        .fetch_optional(connection))?;
    let Some(next) = next else {
        return Ok(None);
    };
    let taken: Option<Ticket> = within!(transaction, |connection| query_as(TAKE)
        .bind(next)
        .bind(agent)
        .fetch_optional(connection))?;
    transaction.commit().await?;
    Ok(taken)
}

/// Says what became of a ticket that somebody has taken; false if it is not theirs.
pub async fn settle(db: &Database, question: Uuid, agent: &str, status: Status) -> Result<bool> {
    let mut transaction = db.begin().await?;
    let settled = execute!(
        transaction,
        query(SETTLE).bind(question).bind(agent).bind(status)
    )?;
    transaction.commit().await?;
    Ok(settled == 1)
}
