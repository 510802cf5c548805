//! What sample users have done so far: `samples/behaviour.tsv`, each line the number of a user, that of
//! a product, and whether it was viewed or bought. `profiles` and `catalog` have them by the same
//! numbers.

use chassis::Database;
use sqlx::types::Uuid;

use crate::recommend::model::Interaction;
use crate::recommend::store::{self, Action};

/// The ids of samples are these and their number.
const FIRST_USER: u128 = 0x0197_a1b2_c3d4_7e5f_8a6a_0000_0000_0000;
const FIRST_PRODUCT: u128 = 0x0197_a1b2_c3d4_7e5f_8a6b_0000_0000_0000;

/// Stores what is not there yet.
///
/// # Errors
/// The database failed.
pub async fn load(database: &Database) -> Result<(), sqlx::Error> {
    let mut transaction = database.begin().await?;
    for Interaction {
        user,
        product,
        bought,
    } in interactions()
    {
        let action = if bought {
            Action::Bought
        } else {
            Action::Viewed
        };
        store::keep(&mut transaction, user, product, action).await?;
    }
    transaction.commit().await
}

/// The interactions.
pub fn interactions() -> impl Iterator<Item = Interaction> {
    let lines = include_str!("../samples/behaviour.tsv").lines();
    lines.filter_map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let [user, product, action] = fields[..] else {
            return None;
        };
        Some(Interaction {
            user: Uuid::from_u128(FIRST_USER + user.parse::<u128>().ok()?),
            product: Uuid::from_u128(FIRST_PRODUCT + product.parse::<u128>().ok()?),
            bought: action == "bought",
        })
    })
}
