//! Profiles to begin with: `samples/profiles.tsv`, each line a number, a name, and what somebody likes
//! best.

use chassis::{Database, Timestamp, execute};
use sqlx::query;
use uuid::Uuid;

const INSERT: &str = r#"
    INSERT INTO "profiles" ("id", "name", "favourite", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING
"#;

/// The ids of samples are this and their number; `recommender` knows them by it, too.
const FIRST: u128 = 0x0197_a1b2_c3d4_7e5f_8a6a_0000_0000_0000;

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let now = Timestamp::now();
    let mut transaction = database.begin().await?;
    for (id, name, favourite) in profiles() {
        execute!(
            transaction,
            query(INSERT).bind(id).bind(name).bind(favourite).bind(now)
        )?;
    }
    transaction.commit().await
}

/// The profiles: ids, names and favourites.
pub fn profiles() -> impl Iterator<Item = (Uuid, &'static str, Option<&'static str>)> {
    let lines = include_str!("../samples/profiles.tsv").lines();
    lines.filter_map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let [number, name, favourite] = fields[..] else {
            return None;
        };
        let id = Uuid::from_u128(FIRST + number.parse::<u128>().ok()?);
        Some((
            id,
            name,
            Some(favourite).filter(|favourite| !favourite.is_empty()),
        ))
    })
}
