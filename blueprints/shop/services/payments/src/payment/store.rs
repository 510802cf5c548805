//! Payments in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Decimal, Timestamp, Transaction, execute, read, within};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::model::{Payment, PaymentInput, State};

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What a customer can spend who has not been here before, in hundredths.
const OPENING_CREDIT: i64 = 50_000;

const INSERT: &str = r#"
    INSERT INTO "payments" ("order_id", "customer", "amount", "state", "created_at")
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT ("order_id") DO NOTHING
"#;

const FIND: &str = r#"
    SELECT "order_id", "customer", "amount", "state", "created_at"
    FROM "payments"
    WHERE "order_id" = $1
"#;

const REFUND: &str = r#"
    UPDATE "payments" SET "state" = 'refunded' WHERE "order_id" = $1 AND "state" = 'taken'
"#;

const OPEN: &str = r#"
    INSERT INTO "accounts" ("id", "customer", "balance", "created_at", "updated_at")
    VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT ("customer") DO NOTHING
"#;

const TAKE: &str = r#"
    UPDATE "accounts" SET "balance" = "balance" - $2, "row_version" = "row_version" + 1
    WHERE "customer" = $1 AND "balance" >= $2
"#;

const GIVE_BACK: &str = r#"
    UPDATE "accounts" SET "balance" = "balance" + $2, "row_version" = "row_version" + 1
    WHERE "customer" = $1
"#;

/// How a request for money ended.
pub enum Paid {
    /// It was taken, now or before.
    Taken(Payment),
    /// The order asked before for another amount, or was called off.
    Otherwise,
    /// There is not enough.
    Refused,
}

/// Takes what an order costs from its customer's account, once.
pub async fn pay(db: &Database, order: Uuid, input: &PaymentInput) -> Result<Paid> {
    let mut transaction = db.begin().await?;
    let payment = Payment {
        order_id: order,
        customer: input.customer,
        amount: input.amount,
        state: State::Taken,
        created_at: Timestamp::now(),
    };
    if !insert(&mut transaction, &payment).await? {
        let before = find(&mut transaction, order).await?;
        let same = (before.customer, before.amount, before.state)
            == (input.customer, input.amount, State::Taken);
        return Ok(if same {
            Paid::Taken(before)
        } else {
            Paid::Otherwise
        });
    }
    execute!(
        transaction,
        query(OPEN)
            .bind(Uuid::now_v7())
            .bind(input.customer)
            .bind(Decimal::<10, 2>::from_units(OPENING_CREDIT))
            .bind(payment.created_at)
    )?;
    let taken = execute!(
        transaction,
        query(TAKE).bind(input.customer).bind(input.amount)
    )?;
    if taken == 0 {
        // With the transaction goes the payment: the order may ask again.
        return Ok(Paid::Refused);
    }
    transaction.commit().await?;
    Ok(Paid::Taken(payment))
}

/// Gives back what an order took, if it did; whatever comes later for this order is too late.
pub async fn refund(db: &Database, order: Uuid) -> Result<()> {
    let mut transaction = db.begin().await?;
    if execute!(transaction, query(REFUND).bind(order))? == 1 {
        let refunded = find(&mut transaction, order).await?;
        execute!(
            transaction,
            query(GIVE_BACK)
                .bind(refunded.customer)
                .bind(refunded.amount)
        )?;
    } else {
        let nothing = Payment {
            order_id: order,
            customer: Uuid::nil(),
            amount: Decimal::from_units(0),
            state: State::Refunded,
            created_at: Timestamp::now(),
        };
        insert(&mut transaction, &nothing).await?;
    }
    transaction.commit().await
}

/// The payment of an order, if there is one.
pub async fn of(db: &Database, order: Uuid) -> Result<Option<Payment>> {
    read!(db, |pool| query_as(FIND).bind(order).fetch_optional(pool))
}

async fn insert(transaction: &mut Transaction, payment: &Payment) -> Result<bool> {
    let inserted = execute!(
        transaction,
        query(INSERT)
            .bind(payment.order_id)
            .bind(payment.customer)
            .bind(payment.amount)
            .bind(payment.state)
            .bind(payment.created_at)
    )?;
    Ok(inserted == 1)
}

async fn find(transaction: &mut Transaction, order: Uuid) -> Result<Payment> {
    within!(transaction, |connection| query_as(FIND)
        .bind(order)
        .fetch_one(connection))
}
