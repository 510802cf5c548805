//! What a question is about, by what the samples teach.

pub mod bayes;
mod routes;
mod store;

use std::sync::{Arc, PoisonError, RwLock};

use chassis::Database;

use self::bayes::Model;
use self::store::State;

pub use routes::routes;

/// The model of now. It is made from the samples alone, and made anew when they have changed: each
/// replica has its own, and nothing is lost with it.
#[derive(Clone, Default)]
pub struct Classifier(Arc<RwLock<Option<Learned>>>);

#[derive(Clone)]
struct Learned {
    from: State,
    model: Arc<Model>,
}

impl Classifier {
    /// The model that the samples of now make.
    ///
    /// # Errors
    /// The database failed.
    pub async fn model(&self, db: &Database) -> Result<Arc<Model>, sqlx::Error> {
        // Asked for before the samples: one that is added in between is found out the next time.
        let from = store::state(db).await?;
        let learned = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(learned) = learned.filter(|learned| learned.from == from) {
            return Ok(learned.model);
        }
        let samples = store::all(db).await?;
        let pairs = samples
            .iter()
            .map(|(text, intent)| (text.as_str(), intent.as_str()));
        let model = Arc::new(Model::train(pairs));
        tracing::info!(samples = samples.len(), "learned from the samples");
        let learned = Learned {
            from,
            model: Arc::clone(&model),
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(learned);
        Ok(model)
    }
}
