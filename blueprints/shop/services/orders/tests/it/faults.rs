//! Each of the other services fails at each step, in each way: an order ends confirmed, or as if it
//! had never been.

use std::time::Duration;

use axum::http::StatusCode;
use chassis::execute;
use serde_json::json;
use sqlx::query;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use crate::support::Service;
use crate::support::database::TestDatabase;
use crate::support::others::{Fault, LAMP, Others, Script};

const STOCK: i64 = 5;
const MONEY: i64 = 10_000;

const DUE: &str = r#"UPDATE "orders" SET "due_at" = "created_at""#;

/// More than an order is ready to wait for.
const FOR_LONG: u32 = 1000;

/// What the books must say at the end of the only order.
fn add_up(others: &Others, order: Uuid, is_confirmed: bool, money: i64) {
    let books = others.books();
    let (held, paid) = if is_confirmed { (2, 2000) } else { (0, 0) };
    let has = |taken: Option<&Option<i64>>| taken.copied().flatten().unwrap_or_default();
    let order = (has(books.held.get(&order)), has(books.paid.get(&order)));
    assert_eq!(order, (held, paid));
    assert_eq!((books.stock, books.money), (STOCK - held, money - paid));
}

async fn play(script: Script, money: i64, is_confirmed: bool) {
    let database = TestDatabase::create().await;
    let others = Others::start(STOCK, money, Some(script.clone())).await;
    let service = Service::start(&database.url, &others).await;
    let work = service.go_on();
    let order = json!({ "product": LAMP, "quantity": 2 });
    let placed = service.place(None, &order).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.body);
    let order = service.end_of(&placed.body).await;
    let expected = if is_confirmed {
        "confirmed"
    } else {
        "cancelled"
    };
    assert_eq!(order["status"], expected, "{script:?}: {order}");
    let id = order["id"].as_str().unwrap().parse().unwrap();
    add_up(&others, id, is_confirmed, money);
    work.stop().await;
}

/// All that can go wrong at one step.
async fn all(at: &'static str, times: [(u32, bool); 2], money: i64) {
    let mut plays = JoinSet::new();
    for fault in [Fault::Failing, Fault::Hung, Fault::Killed] {
        for is_done in [false, true] {
            for (times, is_confirmed) in times {
                let script = Script {
                    at,
                    fault,
                    is_done,
                    times,
                };
                plays.spawn(play(script, money, is_confirmed));
            }
        }
    }
    while let Some(played) = plays.join_next().await {
        played.unwrap();
    }
}

#[tokio::test]
async fn stock_is_held_or_it_is_not() {
    all("PUT reservations", [(1, true), (FOR_LONG, false)], MONEY).await;
}

#[tokio::test]
async fn money_is_taken_or_it_is_not() {
    all("PUT payments", [(1, true), (FOR_LONG, false)], MONEY).await;
}

#[tokio::test]
async fn money_is_given_back_in_the_end() {
    all("DELETE payments", [(1, false), (3, false)], 0).await;
}

#[tokio::test]
async fn stock_is_given_back_in_the_end() {
    all("DELETE reservations", [(1, false), (3, false)], 0).await;
}

#[test]
fn what_a_killed_process_has_begun_another_one_ends() {
    let (doomed, heir) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let script = Script {
        at: "PUT payments",
        fault: Fault::Hung,
        is_done: true,
        times: 1,
    };
    let database = heir.block_on(TestDatabase::create());
    let others = heir.block_on(Others::start(STOCK, MONEY, Some(script)));
    let service = doomed.block_on(Service::start(&database.url, &others));
    let customer = service.customer;
    doomed.spawn(async move {
        let order = json!({ "product": LAMP, "quantity": 2 });
        service.place(None, &order).await
    });
    heir.block_on(async {
        while others.books().paid.is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        // The money is taken, and nobody hears of it.
        doomed.shutdown_background();
        let mut service = Service::start(&database.url, &others).await;
        service.customer = customer;
        // Its time with the order is over.
        let mut transaction = service.database.begin().await.unwrap();
        execute!(transaction, query(DUE)).unwrap();
        transaction.commit().await.unwrap();
        let work = service.go_on();
        let orders = service.call("GET", "/orders").await.body;
        let order = service.end_of(&orders[0]).await;
        assert_eq!(order["status"], "confirmed", "{order}");
        let id = order["id"].as_str().unwrap().parse().unwrap();
        add_up(&others, id, true, MONEY);
        work.stop().await;
    });
}
