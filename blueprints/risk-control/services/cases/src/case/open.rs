//! How a case is opened: by the event of a transaction that was not approved.

use chassis::{Timestamp, Transaction, execute};
use sqlx::query;
use uuid::Uuid;

use super::model::{CaseInput, CaseStatus};

/// A transaction has one case, however often it is told of; what people made of it stays.
const OPEN: &str = r#"
    INSERT INTO "cases"
        ("id", "transaction", "card", "amount", "decision", "score", "reasons", "features",
        "status", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
    ON CONFLICT ("transaction") DO NOTHING
"#;

/// Opens a case, unless there is one for this transaction.
pub async fn open(transaction: &mut Transaction, case: &CaseInput) -> Result<(), sqlx::Error> {
    execute!(
        transaction,
        query(OPEN)
            .bind(Uuid::now_v7())
            .bind(case.transaction)
            .bind(&case.card)
            .bind(case.amount)
            .bind(case.decision)
            .bind(case.score)
            .bind(&case.reasons)
            .bind(&case.features)
            .bind(CaseStatus::Open)
            .bind(Timestamp::now())
    )
    .map(drop)
}
