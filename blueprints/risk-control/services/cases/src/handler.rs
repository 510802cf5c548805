//! What this service does about events: it opens a case for each transaction that was not approved.

use anyhow::Context;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Decimal, Transaction};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::case;
use crate::case::model::{CaseDecision, CaseInput, CaseStatus};

/// The handlers of all events that this service subscribes to.
pub struct Events;

/// What there is to know of a transaction.
#[derive(Debug, Deserialize)]
struct Assessed {
    transaction: Uuid,
    card: String,
    amount: Decimal<10, 2>,
    decision: String,
    score: Option<i64>,
    reasons: Value,
    features: Value,
}

impl Handler for Events {
    const TYPES: &'static [&'static str] = &["transaction.assessed"];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        let assessed = Assessed::deserialize(&event.data).context("the event lacks something")?;
        let decision = match assessed.decision.as_str() {
            "approve" => return Ok(()),
            "decline" => CaseDecision::Decline,
            // Whatever else there may be some day, somebody should look at it.
            _ => CaseDecision::Review,
        };
        let input = CaseInput {
            transaction: assessed.transaction,
            card: assessed.card,
            amount: assessed.amount,
            decision,
            score: assessed.score,
            reasons: assessed.reasons,
            features: assessed.features,
            status: CaseStatus::Open,
            note: None,
        };
        case::open(transaction, &input).await?;
        Ok(())
    }
}
