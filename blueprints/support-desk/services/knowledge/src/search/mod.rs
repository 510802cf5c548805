//! Search in the articles.

pub mod bm25;
pub mod ranking;
mod routes;
mod store;

use std::sync::{Arc, PoisonError, RwLock};

use chassis::Database;

use self::ranking::Ranking;
use self::store::State;

pub use routes::routes;

/// The index of now. It is made from articles and ratings alone, and made anew when they have
/// changed: each replica has its own, in memory, and one that is lost is there again with the next
/// question.
#[derive(Clone, Default)]
pub struct Search(Arc<RwLock<Option<Indexed>>>);

#[derive(Clone)]
struct Indexed {
    from: State,
    ranking: Arc<Ranking>,
}

impl Search {
    /// The ranking that articles and ratings of now make.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ranking(&self, db: &Database) -> Result<Arc<Ranking>, sqlx::Error> {
        // Asked for before the articles: one that is added in between is found out the next time.
        let from = store::state(db).await?;
        let indexed = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(indexed) = indexed.filter(|indexed| indexed.from == from) {
            return Ok(indexed.ranking);
        }
        let (articles, rated) = (store::articles(db).await?, store::rated(db).await?);
        tracing::info!(articles = articles.len(), ratings = rated.len(), "indexed");
        let ranking = Arc::new(Ranking::new(articles, &rated));
        let indexed = Indexed {
            from,
            ranking: Arc::clone(&ranking),
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(indexed);
        Ok(ranking)
    }
}
