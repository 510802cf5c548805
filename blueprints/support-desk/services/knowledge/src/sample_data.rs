//! Articles to begin with: `samples/articles.tsv`, each line a topic, a title and a text.

use chassis::{Database, Timestamp, execute};
use sqlx::query;
use uuid::Uuid;

const INSERT: &str = r#"
    INSERT INTO "articles" ("id", "title", "body", "topic", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $5, $5)
    ON CONFLICT ("title") DO NOTHING
"#;

/// An article of the file.
pub struct Sample {
    pub topic: &'static str,
    pub title: &'static str,
    pub body: &'static str,
}

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for article in articles() {
        execute!(
            transaction,
            query(INSERT)
                .bind(Uuid::now_v7())
                .bind(article.title)
                .bind(article.body)
                .bind(article.topic)
                .bind(now)
        )?;
    }
    transaction.commit().await
}

/// The articles.
pub fn articles() -> impl Iterator<Item = Sample> {
    let lines = include_str!("../samples/articles.tsv").lines();
    lines.filter_map(|line| {
        let (topic, rest) = line.split_once('\t')?;
        let (title, body) = rest.split_once('\t')?;
        Some(Sample { topic, title, body })
    })
}
