//! Products to try the shop with.

use chassis::{Database, Decimal, Timestamp, execute};
use sqlx::query;
use uuid::{Uuid, uuid};

const INSERT: &str = r#"
    INSERT INTO "products" ("id", "name", "price", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING
"#;

/// Id, name, and price in hundredths.
const PRODUCTS: [(Uuid, &str, i64); 3] = [
    (
        uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000001"),
        "Desk lamp",
        3990,
    ),
    (
        uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000002"),
        "Armchair",
        24_900,
    ),
    (
        uuid!("0197a1b2-c3d4-7e5f-8a6b-000000000003"),
        "Oak table",
        78_000,
    ),
];

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for (id, name, price) in PRODUCTS {
        execute!(
            transaction,
            query(INSERT)
                .bind(id)
                .bind(name)
                .bind(Decimal::<10, 2>::from_units(price))
                .bind(now)
        )?;
    }
    transaction.commit().await
}
