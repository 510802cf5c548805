//! Stock to try the shop with, of the products that `products` has as samples.

use chassis::{Database, Timestamp, execute};
use sqlx::query;
use uuid::{Uuid, uuid};

const INSERT: &str = r#"
    INSERT INTO "items" ("id", "product", "available", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT ("product") DO NOTHING
"#;

const STOCK: [(Uuid, i64); 3] = [
    (uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000001"), 100),
    (uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000002"), 20),
    (uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000003"), 6),
];

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for (product, available) in STOCK {
        execute!(
            transaction,
            query(INSERT)
                .bind(Uuid::now_v7())
                .bind(product)
                .bind(available)
                .bind(now)
        )?;
    }
    transaction.commit().await
}
