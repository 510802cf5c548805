//! Reservations in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Timestamp, Transaction, execute, outbox, within};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::model::{Reservation, ReservationInput, State};
use crate::events::StockLow;

type Result<T> = std::result::Result<T, sqlx::Error>;

/// Others are told when less than this is left.
const LOW: i64 = 5;

const INSERT: &str = r#"
    INSERT INTO "reservations" ("order_id", "product", "quantity", "state", "created_at")
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT ("order_id") DO NOTHING
"#;

const FIND: &str = r#"
    SELECT "order_id", "product", "quantity", "state", "created_at"
    FROM "reservations"
    WHERE "order_id" = $1
"#;

const RELEASE: &str = r#"
    UPDATE "reservations" SET "state" = 'released' WHERE "order_id" = $1 AND "state" = 'held'
"#;

const TAKE: &str = r#"
    UPDATE "items" SET "available" = "available" - $2, "row_version" = "row_version" + 1
    WHERE "product" = $1 AND "available" >= $2
    RETURNING "available"
"#;

const GIVE_BACK: &str = r#"
    UPDATE "items" SET "available" = "available" + $2, "row_version" = "row_version" + 1
    WHERE "product" = $1
"#;

/// How a request for stock ended.
pub enum Reserved {
    /// The order has it, from now on or since before.
    Held(Reservation),
    /// The order asked before for something else, or has given its stock back.
    Otherwise,
    /// There is not enough.
    OutOfStock,
}

/// Holds stock for an order, once.
pub async fn reserve(db: &Database, order: Uuid, input: &ReservationInput) -> Result<Reserved> {
    let mut transaction = db.begin().await?;
    let reservation = Reservation {
        order_id: order,
        product: input.product,
        quantity: input.quantity,
        state: State::Held,
        created_at: Timestamp::now(),
    };
    if !insert(&mut transaction, &reservation).await? {
        let before = find(&mut transaction, order).await?;
        let same = (before.product, before.quantity, before.state)
            == (input.product, input.quantity, State::Held);
        return Ok(if same {
            Reserved::Held(before)
        } else {
            Reserved::Otherwise
        });
    }
    let left: Option<i64> = within!(transaction, |connection| query_scalar(TAKE)
        .bind(input.product)
        .bind(input.quantity)
        .fetch_optional(connection))?;
    let Some(left) = left else {
        // With the transaction goes the reservation: the order may ask again.
        return Ok(Reserved::OutOfStock);
    };
    if left < LOW && left + input.quantity >= LOW {
        let product = input.product;
        let low = StockLow {
            product,
            available: left,
        };
        outbox::write(&mut transaction, &low).await?;
    }
    transaction.commit().await?;
    outbox::wake();
    Ok(Reserved::Held(reservation))
}

/// Gives back what an order holds, if it does; whatever comes later for this order is too late.
pub async fn release(db: &Database, order: Uuid) -> Result<()> {
    let mut transaction = db.begin().await?;
    if execute!(transaction, query(RELEASE).bind(order))? == 1 {
        let released = find(&mut transaction, order).await?;
        execute!(
            transaction,
            query(GIVE_BACK)
                .bind(released.product)
                .bind(released.quantity)
        )?;
    } else {
        let nothing = Reservation {
            order_id: order,
            product: Uuid::nil(),
            quantity: 0,
            state: State::Released,
            created_at: Timestamp::now(),
        };
        insert(&mut transaction, &nothing).await?;
    }
    transaction.commit().await
}

/// The reservation of an order, if there is one.
pub async fn of(db: &Database, order: Uuid) -> Result<Option<Reservation>> {
    chassis::read!(db, |pool| query_as(FIND).bind(order).fetch_optional(pool))
}

async fn insert(transaction: &mut Transaction, reservation: &Reservation) -> Result<bool> {
    let inserted = execute!(
        transaction,
        query(INSERT)
            .bind(reservation.order_id)
            .bind(reservation.product)
            .bind(reservation.quantity)
            .bind(reservation.state)
            .bind(reservation.created_at)
    )?;
    Ok(inserted == 1)
}

async fn find(transaction: &mut Transaction, order: Uuid) -> Result<Reservation> {
    within!(transaction, |connection| query_as(FIND)
        .bind(order)
        .fetch_one(connection))
}
