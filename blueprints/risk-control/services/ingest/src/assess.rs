//! What becomes of a transaction: as scoring says, or by default if that says nothing in time.

use std::time::Duration;

use chassis::client::Caller;
use chassis::{Decimal, Settings, Timestamp, client};
use scoring_client::types::{Assessment, Basis as Ground, Decision as Verdict, Payment};
use serde_json::Value;
use sqlx::types::Json;
use tokio::time::timeout;
use uuid::Uuid;

use crate::clients::Clients;
use crate::transaction::{Basis, Decision, Transaction, TransactionInput};

/// How long scoring is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(pub Duration);

impl Deadline {
    /// Reads the setting.
    pub fn read(given: &mut Settings) -> Self {
        let millis = given.get("SCORING_DEADLINE_MS", Self::default().0.as_millis());
        Self(Duration::from_millis(
            u64::try_from(millis).unwrap_or(u64::MAX),
        ))
    }
}

impl Default for Deadline {
    fn default() -> Self {
        Self(Duration::from_millis(400))
    }
}

/// A transaction that nobody has judged yet.
pub struct Subject<'i> {
    pub id: Uuid,
    pub at: Timestamp,
    pub input: &'i TransactionInput,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    decision: Decision,
    score: Option<i64>,
    basis: Basis,
    model: Option<i64>,
    reasons: Vec<String>,
    features: Value,
}

/// Decides about a transaction, before the deadline in any case.
pub async fn assess(
    clients: &Clients,
    caller: &Caller,
    deadline: Deadline,
    subject: &Subject<'_>,
) -> Decided {
    let asked = async {
        let amount = Decimal::new(subject.input.amount.get());
        let payment = Payment {
            transaction: subject.id,
            card: subject.input.card.clone(),
            amount: amount.map_err(client::Failure::Unreadable)?,
            country: subject.input.country.clone(),
            at: subject.at,
        };
        clients.scoring.on_behalf_of(caller).assess(&payment).await
    };
    match timeout(deadline.0, asked).await {
        Ok(Ok(assessment)) => Decided::from(assessment),
        Ok(Err(failure)) => Decided::default(&format!("Scoring is away: {failure}.")),
        Err(_) => Decided::default("Scoring did not answer in time."),
    }
}

impl Decided {
    /// Nobody loses a good customer by it, nor much money: a person looks at it.
    fn default(why: &str) -> Self {
        tracing::warn!(why, "decided by default");
        Self {
            decision: Decision::Review,
            score: None,
            basis: Basis::Default,
            model: None,
            reasons: vec![why.to_owned()],
            features: Value::Null,
        }
    }

    /// The transaction with its decision.
    #[must_use]
    pub fn about(self, subject: &Subject<'_>) -> Transaction {
        Transaction {
            id: subject.id,
            card: subject.input.card.clone(),
            amount: subject.input.amount,
            country: subject.input.country.clone(),
            at: subject.at,
            decision: self.decision,
            score: self.score,
            basis: self.basis,
            model: self.model,
            reasons: Json(self.reasons),
            features: self.features,
            created_at: Timestamp::now(),
        }
    }
}

impl From<Assessment> for Decided {
    fn from(assessment: Assessment) -> Self {
        Self {
            decision: match assessment.decision {
                Verdict::Approve => Decision::Approve,
                Verdict::Review => Decision::Review,
                Verdict::Decline => Decision::Decline,
            },
            score: assessment.score,
            basis: match assessment.basis {
                Ground::RulesAndModel => Basis::RulesAndModel,
                Ground::Rules => Basis::Rules,
                Ground::Default => Basis::Default,
            },
            model: assessment.model,
            reasons: assessment.reasons,
            features: assessment.features.unwrap_or_default(),
        }
    }
}
