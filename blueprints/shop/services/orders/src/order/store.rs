//! Orders in the database. Every statement is understood by SQLite and PostgreSQL alike.

use std::time::Duration;

use chassis::{Database, Decimal, Timestamp, Transaction, execute, outbox, read, write};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::model::{Order, Status};
use crate::events::{OrderCancelled, OrderConfirmed};

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "orders"
        ("id", "customer", "product", "quantity", "total", "status", "attempts", "due_at",
        "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"#;

const FIND: &str = r#"
    SELECT "id", "customer", "product", "quantity", "total", "status", "reason", "attempts",
        "created_at", "updated_at"
    FROM "orders"
    WHERE "id" = $1
"#;

const LIST: &str = r#"
    SELECT "id", "customer", "product", "quantity", "total", "status", "reason", "attempts",
        "created_at", "updated_at"
    FROM "orders"
    WHERE "customer" = $1 AND "id" > $2
    ORDER BY "id"
    LIMIT $3
"#;

// Whoever gets here first moves the order on: it must be as it was when its step began.
const MOVE: &str = r#"
    UPDATE "orders"
    SET "status" = $4, "reason" = $5, "attempts" = $6, "due_at" = $7, "updated_at" = $8
    WHERE "id" = $1 AND "status" = $2 AND "attempts" = $3
"#;

const CLAIM: &str = r#"
    UPDATE "orders" SET "due_at" = $3
    WHERE "id" IN (
        SELECT "id" FROM "orders"
        WHERE "due_at" <= $1 AND "status" NOT IN ('confirmed', 'cancelled')
        ORDER BY "due_at"
        LIMIT $2
    ) AND "due_at" <= $1
    RETURNING "id", "customer", "product", "quantity", "total", "status", "reason", "attempts",
        "created_at", "updated_at"
"#;

/// For how long somebody who works on an order has it to themselves. Two may work on one all the
/// same, after a pause of one of them: every step can be taken twice.
const LEASE: Duration = Duration::from_secs(10);

/// Stores a new order, whose steps are the caller's to take first.
pub async fn insert(transaction: &mut Transaction, order: &Order) -> Result<()> {
    let inserted = execute!(
        transaction,
        query(INSERT)
            .bind(order.id)
            .bind(order.customer)
            .bind(order.product)
            .bind(order.quantity)
            .bind(order.total)
            .bind(order.status)
            .bind(order.attempts)
            .bind(Timestamp::after(LEASE))
            .bind(order.created_at)
            .bind(order.updated_at)
    );
    inserted.map(drop)
}

/// The order with this id, if there is one.
pub async fn find(db: &Database, id: Uuid) -> Result<Option<Order>> {
    read!(db, |pool| query_as(FIND).bind(id).fetch_optional(pool))
}

/// Up to `rows` orders of a customer behind `after`, oldest first.
pub async fn list(
    db: &Database,
    customer: Uuid,
    after: Option<Uuid>,
    rows: i64,
) -> Result<Vec<Order>> {
    // The nil UUID comes before every id.
    let after = after.unwrap_or_default();
    read!(db, |pool| query_as(LIST)
        .bind(customer)
        .bind(after)
        .bind(rows)
        .fetch_all(pool))
}

/// Orders whose next step nobody takes: they are the caller's for a while.
pub async fn claim(db: &Database, rows: i64) -> Result<Vec<Order>> {
    let now = Timestamp::now();
    write!(db, |pool| query_as(CLAIM)
        .bind(now)
        .bind(rows)
        .bind(Timestamp::after(LEASE))
        .fetch_all(pool))
}

/// Moves an order on from `before`, and tells others if it has come to its end. `pause` is the time
/// until somebody else may take the next step. `None`: another one has moved it meanwhile.
pub async fn advance(
    db: &Database,
    before: &Order,
    after: Order,
    pause: Option<Duration>,
) -> Result<Option<Order>> {
    let mut transaction = db.begin().await?;
    let moved = execute!(
        transaction,
        query(MOVE)
            .bind(before.id)
            .bind(before.status)
            .bind(before.attempts)
            .bind(after.status)
            .bind(&after.reason)
            .bind(after.attempts)
            .bind(Timestamp::after(pause.unwrap_or(LEASE)))
            .bind(after.updated_at)
    )?;
    if moved == 0 {
        return Ok(None);
    }
    tell(&mut transaction, &after).await?;
    transaction.commit().await?;
    outbox::wake();
    Ok(Some(after))
}

async fn tell(transaction: &mut Transaction, order: &Order) -> Result<()> {
    match order.status {
        Status::Confirmed => {
            // Events have room for more digits.
            let total = Decimal::new(order.total.get());
            let total = total.map_err(|why| sqlx::Error::Encode(why.into()))?;
            let event = OrderConfirmed {
                order: order.id,
                customer: order.customer,
                total,
            };
            outbox::write(transaction, &event).await
        }
        Status::Cancelled => {
            let event = OrderCancelled {
                order: order.id,
                customer: order.customer,
                reason: order.reason.clone().unwrap_or_default(),
            };
            outbox::write(transaction, &event).await
        }
        _ => Ok(()),
    }
}
