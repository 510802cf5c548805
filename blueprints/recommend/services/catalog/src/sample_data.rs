//! Products to begin with: `samples/products.tsv`, each line a number, a category, a name, a price and
//! a description.

use chassis::{Database, Decimal, Timestamp, execute};
use sqlx::query;
use uuid::Uuid;

const INSERT: &str = r#"
    INSERT INTO "products" ("id", "name", "description", "category", "price", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $5, $6, $6)
    ON CONFLICT DO NOTHING
"#;

/// The ids of samples are this and their number; `recommender` knows them by it, too.
const FIRST: u128 = 0x0197_a1b2_c3d4_7e5f_8a6b_0000_0000_0000;

/// A product of the file.
pub struct Sample {
    pub id: Uuid,
    pub category: &'static str,
    pub name: &'static str,
    pub price: Decimal<10, 2>,
    pub description: &'static str,
}

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for product in products() {
        execute!(
            transaction,
            query(INSERT)
                .bind(product.id)
                .bind(product.name)
                .bind(product.description)
                .bind(product.category)
                .bind(product.price)
                .bind(now)
        )?;
    }
    transaction.commit().await
}

/// The products.
pub fn products() -> impl Iterator<Item = Sample> {
    let lines = include_str!("../samples/products.tsv").lines();
    lines.filter_map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let [number, category, name, price, description] = fields[..] else {
            return None;
        };
        Some(Sample {
            id: Uuid::from_u128(FIRST + number.parse::<u128>().ok()?),
            category,
            name,
            price: Decimal::from_units(price.replace('.', "").parse().ok()?),
            description,
        })
    })
}
