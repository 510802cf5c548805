//! Interactions in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Transaction, execute, read};
use sqlx::types::Uuid;
use sqlx::{FromRow, query, query_as};

use super::model::Interaction;

type Result<T> = std::result::Result<T, sqlx::Error>;

// What was once true stays so, in whichever order it is told.
const KEEP: &str = r#"
    INSERT INTO "interactions" ("user", "product", "viewed", "bought")
    VALUES ($1, $2, $3, $4)
    ON CONFLICT ("user", "product") DO UPDATE
    SET "viewed" = "interactions"."viewed" OR $3, "bought" = "interactions"."bought" OR $4
"#;

const ALL: &str =
    r#"SELECT "user", "product", "bought" FROM "interactions" ORDER BY "user", "product""#;

const STATE: &str = r#"
    SELECT COUNT(*) AS "known", COUNT(CASE WHEN "bought" THEN 1 END) AS "bought"
    FROM "interactions"
"#;

/// Changes with every change of an interaction that counts.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct State {
    known: i64,
    bought: i64,
}

/// What a user has done with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Viewed,
    Bought,
}

/// Keeps that a user has viewed or bought a product.
pub async fn keep(
    transaction: &mut Transaction,
    user: Uuid,
    product: Uuid,
    action: Action,
) -> Result<()> {
    execute!(
        transaction,
        query(KEEP)
            .bind(user)
            .bind(product)
            .bind(action == Action::Viewed)
            .bind(action == Action::Bought)
    )
    .map(drop)
}

/// All interactions.
pub async fn all(db: &Database) -> Result<Vec<Interaction>> {
    read!(db, |pool| query_as(ALL).fetch_all(pool))
}

/// How they are now.
pub async fn state(db: &Database) -> Result<State> {
    read!(db, |pool| query_as(STATE).fetch_one(pool))
}
