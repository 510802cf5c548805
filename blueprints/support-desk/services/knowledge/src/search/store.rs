//! Articles and ratings, as the search reads them.

use chassis::{Database, Timestamp, read};
use sqlx::{FromRow, query_as};

use super::ranking::{Article, Rated};

type Result<T> = std::result::Result<T, sqlx::Error>;

const ARTICLES: &str = r#"SELECT "id", "title", "body", "topic" FROM "articles" ORDER BY "id""#;

const RATED: &str = r#"SELECT "article", "text", "helpful" FROM "ratings" ORDER BY "question""#;

const STATE: &str = r#"
    SELECT COUNT(*) AS "articles", CAST(COALESCE(SUM("row_version"), 0) AS BIGINT) AS "versions",
        MAX("updated_at") AS "latest",
        (SELECT COUNT(*) FROM "ratings") AS "ratings",
        (SELECT CAST(COALESCE(SUM("revision"), 0) AS BIGINT) FROM "ratings") AS "revisions"
    FROM "articles"
"#;

/// Changes with every change of an article or rating.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct State {
    articles: i64,
    versions: i64,
    latest: Option<Timestamp>,
    ratings: i64,
    revisions: i64,
}

pub async fn articles(db: &Database) -> Result<Vec<Article>> {
    read!(db, |pool| query_as(ARTICLES).fetch_all(pool))
}

pub async fn rated(db: &Database) -> Result<Vec<Rated>> {
    read!(db, |pool| query_as(RATED).fetch_all(pool))
}

/// How articles and ratings are now.
pub async fn state(db: &Database) -> Result<State> {
    read!(db, |pool| query_as(STATE).fetch_one(pool))
}
