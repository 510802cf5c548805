//! The saga of an order: stock and payment are other services', so there is no transaction over
//! them. Each step is stored before the next one is taken; when one fails, all is taken back.
//! Whoever is killed in between, somebody goes on with the order from where it stands.

mod participants;
mod step;

use std::time::Duration;

use chassis::{Background, Database, Timestamp};
use tokio::task::JoinSet;
use tokio::time::interval;

use self::step::{Next, Task};
use crate::clients::Clients;
use crate::order::{Order, store};

/// How often is looked for orders that nobody goes on with, and how many are taken at a time.
const LOOK: Duration = Duration::from_millis(500);
const AT_ONCE: i64 = 20;

/// Takes the steps of an order until it comes to its end, or a step must be taken again later.
///
/// # Errors
/// The database failed. The order stays where it is, and somebody goes on with it.
pub async fn drive(db: Database, clients: Clients, mut order: Order) -> Result<Order, sqlx::Error> {
    while let Some(task) = Task::of(order.status) {
        let outcome = participants::carry_out(&clients, task, &order).await;
        let next = step::next(order.status, order.attempts, outcome);
        let (after, pause) = apply(&order, next);
        match store::advance(&db, &order, after, pause).await? {
            Some(after) if pause.is_some() => return Ok(after),
            Some(after) => order = after,
            // Another one is ahead: it is theirs.
            None => return Ok(store::find(&db, order.id).await?.unwrap_or(order)),
        }
    }
    Ok(order)
}

/// The order as it is then, and the pause before its next step, if there must be one.
fn apply(order: &Order, next: Next) -> (Order, Option<Duration>) {
    let mut after = Order {
        updated_at: Timestamp::now(),
        ..order.clone()
    };
    match next {
        Next::Status(status, reason) => {
            after.status = status;
            after.reason = reason.or(after.reason);
            after.attempts = 0;
            (after, None)
        }
        Next::Again(pause) => {
            after.attempts += 1;
            (after, Some(pause))
        }
    }
}

/// Goes on with orders that were left: by a process that was killed, or for a service that did not
/// answer.
pub fn start(db: &Database, clients: &Clients, background: &Background) {
    let (db, clients) = (db.clone(), clients.clone());
    background.spawn(async move |stop| {
        let (mut driven, mut look) = (JoinSet::new(), interval(LOOK));
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = driven.join_next() => {
                    if let Ok(Err(error)) = ended {
                        tracing::warn!(%error, "an order stays where it is for now");
                    }
                }
                _ = look.tick() => match store::claim(&db, AT_ONCE).await {
                    Ok(orders) => for order in orders {
                        driven.spawn(drive(db.clone(), clients.clone(), order));
                    },
                    Err(error) => tracing::warn!(%error, "cannot look for orders to go on with"),
                },
            }
        }
        // Steps that have begun are not broken off.
        while driven.join_next().await.is_some() {}
    });
}
