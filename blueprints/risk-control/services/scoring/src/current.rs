//! The rules and the model in use, which change without a restart. All replicas look into the
//! database for new ones, so that it does not matter which of them was told.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chassis::{Background, Database};
use serde::{Deserialize, Serialize};
use sqlx::types::JsonValue;
use tokio::time::sleep;
use utoipa::ToSchema;

use crate::held_out::{self, Example};
use crate::judge::{Judge, quality};
use crate::model::Model;
use crate::rules::Rules;
use crate::store::{self, Stored};

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(1);

/// What is in use; cheap to clone.
#[derive(Clone)]
pub struct Current {
    examples: Arc<Vec<Example>>,
    state: Arc<RwLock<Arc<State>>>,
}

/// What was made of all that is in the database.
#[derive(Debug)]
pub struct State {
    pub judge: Judge,
    pub revision: i64,
    pub candidates: Vec<Verdict>,
    seen: (i64, i64),
}

/// What was found out about a model.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Verdict {
    pub id: i64,
    pub in_use: bool,
    /// How well it does alone on the payments that were held out.
    pub auc: Option<f64>,
    /// Why it can't be used, if it can't.
    pub refused: Option<String>,
    /// What training says of it.
    #[schema(value_type = Object)]
    pub metrics: JsonValue,
}

impl Current {
    /// The rules of a new system, and no model.
    ///
    /// # Errors
    /// A file that came with the service is broken.
    pub fn new() -> anyhow::Result<Self> {
        let rules = Rules::first()?;
        let state = State {
            judge: Judge { rules, model: None },
            revision: 0,
            candidates: Vec::new(),
            seen: (0, 0),
        };
        Ok(Self {
            examples: Arc::new(held_out::examples()?),
            state: Arc::new(RwLock::new(Arc::new(state))),
        })
    }

    /// What is in use now.
    #[must_use]
    pub fn get(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The payments that were held out.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// Looks into the database, and takes over what is new there.
    pub async fn reload(&self, db: &Database) -> Result<(), sqlx::Error> {
        let seen = store::state(db).await?;
        let before = self.get();
        if seen == before.seen {
            return Ok(());
        }
        let (mut rules, mut revision) = (before.judge.rules.clone(), before.revision);
        if let Some((found, document)) = store::rules(db).await? {
            match Rules::deserialize(document) {
                Ok(new) => (rules, revision) = (new, found),
                Err(error) => tracing::error!(%error, found, "the rules are broken"),
            }
        }
        let (model, candidates) = best(store::models(db).await?, &self.examples);
        let model_id = model.as_ref().map(|(id, _)| *id);
        tracing::info!(revision, model_id, "taken over");
        let judge = Judge { rules, model };
        let state = State {
            judge,
            revision,
            candidates,
            seen,
        };
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(())
    }

    /// Looks again and again.
    pub fn watch(&self, db: &Database, background: &Background) {
        let (current, db) = (self.clone(), db.clone());
        background.spawn(|stop| async move {
            loop {
                if let Err(error) = current.reload(&db).await {
                    tracing::warn!(%error, "cannot look for new rules and models");
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = sleep(LOOK) => {}
                }
            }
        });
    }
}

/// The best model, and what was found out about all. Of equals the older one stays: which is best
/// does not depend on the order in which they came.
fn best(models: Vec<Stored>, examples: &[Example]) -> (Option<(i64, Model)>, Vec<Verdict>) {
    // A model that does no better than chance is worse than none.
    let (mut best, mut highest) = (None, 0.5);
    let mut verdicts = Vec::new();
    for (id, document, metrics) in models {
        let mut verdict = Verdict {
            id,
            in_use: false,
            auc: None,
            refused: None,
            metrics,
        };
        match usable(document) {
            Ok(model) => {
                verdict.auc = quality(&model, examples);
                if let Some(auc) = verdict.auc.filter(|auc| *auc > highest) {
                    (best, highest) = (Some((id, model)), auc);
                }
            }
            Err(why) => verdict.refused = Some(why),
        }
        verdicts.push(verdict);
    }
    for verdict in &mut verdicts {
        verdict.in_use = best.as_ref().is_some_and(|(id, _)| *id == verdict.id);
    }
    (best, verdicts)
}

fn usable(document: JsonValue) -> Result<Model, String> {
    let model = Model::deserialize(document).map_err(|error| error.to_string())?;
    model.check()?;
    Ok(model)
}
