//! Full-text search over the products, by the database itself: FTS5 of SQLite, `tsvector` of
//! PostgreSQL. The index changes in the transaction of its product, and all replicas see the same.

use axum::Json;
use axum::extract::State;
use chassis::{Database, Decimal, Result, ValidJson, execute, read};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, query, query_as, query_scalar};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

// A name counts three times as much as a description. The lower this rank, the better.
const SQLITE: &str = r#"
    SELECT p."id", p."name", p."description", p."category", p."price"
    FROM "products_search" AS s JOIN "products" AS p ON p."id" = s."id"
    WHERE "products_search" MATCH $1
    ORDER BY bm25("products_search", 0.0, 3.0, 1.0), p."id"
    LIMIT $2
"#;

const POSTGRES: &str = r#"
    SELECT "id", "name", "description", "category", "price"
    FROM "products"
    WHERE "search" @@ to_tsquery('english', $1)
    ORDER BY ts_rank('{0, 0, 0.33, 1}', "search", to_tsquery('english', $1)) DESC, "id"
    LIMIT $2
"#;

const INDEXED: &str = r#"SELECT COUNT(*) FROM "products_search""#;
const STORED: &str = r#"SELECT COUNT(*) FROM "products""#;
const EMPTY: &str = r#"DELETE FROM "products_search""#;
const FILL: &str = r#"
    INSERT INTO "products_search" ("id", "name", "description")
    SELECT "id", "name", "description" FROM "products"
"#;

/// How many products are shown.
const SHOWN: i64 = 20;

/// What somebody looks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Search {
    #[schema(min_length = 1, max_length = 200)]
    pub text: String,
}

/// A product that was found.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Hit {
    pub id: Uuid,
    pub name: String,
    pub description: String,
    pub category: String,
    pub price: Decimal<10, 2>,
}

/// The route of the search.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new().routes(routes!(search))
}

#[utoipa::path(
    post,
    path = "/search",
    tag = "search",
    operation_id = "search",
    summary = "Find products by words of their name and description",
    request_body = Search,
    responses((status = 200, description = "Up to twenty, best first", body = Vec<Hit>)),
)]
async fn search(
    State(db): State<Database>,
    ValidJson(search): ValidJson<Search>,
) -> Result<Json<Vec<Hit>>> {
    let found: Vec<Hit> = match &db {
        Database::Sqlite { readers, .. } => {
            match terms(&search.text, |word| format!("\"{word}\""), " OR ") {
                terms if terms.is_empty() => Vec::new(),
                terms => {
                    query_as(SQLITE)
                        .bind(terms)
                        .bind(SHOWN)
                        .fetch_all(readers)
                        .await?
                }
            }
        }
        Database::Postgres(pool) => match terms(&search.text, |word| format!("'{word}'"), " | ") {
            terms if terms.is_empty() => Vec::new(),
            terms => {
                query_as(POSTGRES)
                    .bind(terms)
                    .bind(SHOWN)
                    .fetch_all(pool)
                    .await?
            }
        },
    };
    Ok(Json(found))
}

/// The words of a text as the database wants them. Only letters and digits get there, so that
/// nobody can write a query of their own.
fn terms(text: &str, quoted: impl Fn(&str) -> String, joined: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(quoted);
    words.collect::<Vec<_>>().join(joined)
}

/// Makes the index again from the products, if something is missing in it; tells whether it was.
///
/// # Errors
/// The database failed.
pub async fn repair(db: &Database) -> std::result::Result<bool, sqlx::Error> {
    let Database::Sqlite { .. } = db else {
        return Ok(false);
    };
    let indexed: i64 = read!(db, |pool| query_scalar(INDEXED).fetch_one(pool))?;
    let stored: i64 = read!(db, |pool| query_scalar(STORED).fetch_one(pool))?;
    if indexed == stored {
        return Ok(false);
    }
    let mut transaction = db.begin().await?;
    execute!(transaction, query(EMPTY))?;
    execute!(transaction, query(FILL))?;
    transaction.commit().await?;
    tracing::warn!(indexed, stored, "the search index was made again");
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[test]
    fn queries_hold_words_and_nothing_else() {
        let quoted = |word: &str| format!("\"{word}\"");
        let text = "lamp\" OR name:* -- Äpfel; NEAR(";
        let expected = "\"lamp\" OR \"OR\" OR \"name\" OR \"Äpfel\" OR \"NEAR\"";
        assert_eq!(terms(text, quoted, " OR "), expected);
        assert_eq!(terms("?!", quoted, " OR "), "");
    }
}
