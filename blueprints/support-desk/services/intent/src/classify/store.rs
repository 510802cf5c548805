//! The samples, as the classifier reads them.

use chassis::{Database, Timestamp, read};
use sqlx::{FromRow, query_as};

type Result<T> = std::result::Result<T, sqlx::Error>;

const ALL: &str = r#"SELECT "text", "intent" FROM "samples" ORDER BY "id""#;

const STATE: &str = r#"
    SELECT COUNT(*) AS "count", CAST(COALESCE(SUM("row_version"), 0) AS BIGINT) AS "versions",
        MAX("updated_at") AS "latest"
    FROM "samples"
"#;

/// Changes with every change of a sample.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct State {
    count: i64,
    versions: i64,
    latest: Option<Timestamp>,
}

/// All samples, each with its intent.
pub async fn all(db: &Database) -> Result<Vec<(String, String)>> {
    read!(db, |pool| query_as(ALL).fetch_all(pool))
}

/// How the samples are now.
pub async fn state(db: &Database) -> Result<State> {
    read!(db, |pool| query_as(STATE).fetch_one(pool))
}
