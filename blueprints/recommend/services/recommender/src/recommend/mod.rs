//! What is recommended to whom.

pub mod model;
mod rebuild;
mod routes;
pub mod store;
mod taste;

use std::sync::{Arc, PoisonError, RwLock};

use chassis::Database;

use self::model::Model;
use self::store::State;

pub use routes::routes;

/// The model of now. It is made from the interactions alone, and made anew when they have changed:
/// each replica has its own, in memory, and one that is lost is there again with the next request.
#[derive(Clone, Default)]
pub struct Recommender(Arc<RwLock<Option<Made>>>);

#[derive(Clone)]
struct Made {
    from: State,
    model: Arc<Model>,
}

impl Recommender {
    /// The model that the interactions of now make.
    ///
    /// # Errors
    /// The database failed.
    pub async fn model(&self, db: &Database) -> Result<Arc<Model>, sqlx::Error> {
        // Asked for before the interactions: what is added in between is found out the next time.
        let from = store::state(db).await?;
        let made = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(made) = made.filter(|made| made.from == from) {
            return Ok(made.model);
        }
        let model = Arc::new(Model::new(store::all(db).await?));
        let made = Made {
            from,
            model: Arc::clone(&model),
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(made);
        Ok(model)
    }
}
