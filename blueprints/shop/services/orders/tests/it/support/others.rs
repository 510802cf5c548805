//! Products, inventory and payments: one server that keeps their books, and fails as it is told.

use std::collections::HashMap;
use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use chassis::Timestamp;
use chassis::client::Address;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

/// What is sold, each for 10.00.
pub const LAMP: Uuid = Uuid::from_u128(1);

/// How a service fails.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// It answers 500.
    Failing,
    /// It never answers.
    Hung,
    /// Its connections break.
    Killed,
}

/// When it fails.
#[derive(Debug, Clone)]
pub struct Script {
    /// At which request: `PUT reservations` and so on.
    pub at: &'static str,
    pub fault: Fault,
    /// Whether it does what it is asked for before it fails.
    pub is_done: bool,
    /// How often.
    pub times: u32,
}

/// Who has what. An order without a value has given it back, or must not have it any more.
#[derive(Default)]
pub struct Books {
    pub stock: i64,
    pub money: i64,
    pub held: HashMap<Uuid, Option<i64>>,
    pub paid: HashMap<Uuid, Option<i64>>,
    script: Option<Script>,
}

/// The other services.
#[derive(Clone)]
pub struct Others {
    pub address: Address,
    books: Arc<Mutex<Books>>,
}

impl Others {
    /// With so much of what is sold, and this much on the customer's account, in hundredths.
    pub async fn start(stock: i64, money: i64, script: Option<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::local(listener.local_addr().unwrap().port());
        let books = Books {
            stock,
            money,
            script,
            ..Books::default()
        };
        let others = Self {
            address,
            books: Arc::new(Mutex::new(books)),
        };
        let app = Router::new()
            .route("/products/{id}", get(product))
            .route("/{what}/{order}", any(answer))
            .with_state(others.clone());
        tokio::spawn(axum::serve(listener, app).into_future());
        others
    }

    /// The stock and the money that nobody has taken.
    pub fn left(&self) -> (i64, i64) {
        let books = self.books();
        (books.stock, books.money)
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }
}

async fn product(Path(id): Path<Uuid>) -> Response {
    match id {
        LAMP => {
            let now = Timestamp::now();
            let lamp = json!({
                "id": id, "name": "lamp", "price": "10.00", "created_at": now, "updated_at": now,
            });
            Json(lamp).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn answer(
    State(others): State<Others>,
    method: Method,
    Path((what, order)): Path<(String, Uuid)>,
    body: Option<Json<Value>>,
) -> Response {
    let (fault, done) = {
        let mut books = others.books();
        let fault = books.fault(&format!("{method} {what}"));
        let is_done = fault.as_ref().is_none_or(|script| script.is_done);
        let asked = body.as_deref();
        (fault, is_done.then(|| books.carry_out(&what, order, asked)))
    };
    match fault.map(|script| script.fault) {
        None if done == Some(StatusCode::OK) => shown(&what, order, body).into_response(),
        None => done.unwrap_or_default().into_response(),
        Some(Fault::Failing) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::Hung) => pending().await,
        Some(Fault::Killed) => resume_unwind(Box::new("killed")),
    }
}

/// What was asked for, as both services show it.
fn shown(what: &str, order: Uuid, body: Option<Json<Value>>) -> Json<Value> {
    let Json(mut shown) = body.unwrap_or_default();
    shown["order_id"] = json!(order);
    shown["state"] = json!(if what == "payments" { "taken" } else { "held" });
    shown["created_at"] = json!(Timestamp::now());
    Json(shown)
}

impl Books {
    fn fault(&mut self, request: &str) -> Option<Script> {
        let script = self.script.as_mut()?;
        if script.at != request || script.times == 0 {
            return None;
        }
        script.times -= 1;
        Some(script.clone())
    }

    /// Takes what is asked for, or gives back what was taken; once, as both services do.
    fn carry_out(&mut self, what: &str, order: Uuid, asked: Option<&Value>) -> StatusCode {
        let (left, taken, refused) = match what {
            "reservations" => (&mut self.stock, &mut self.held, StatusCode::CONFLICT),
            _ => (
                &mut self.money,
                &mut self.paid,
                StatusCode::PAYMENT_REQUIRED,
            ),
        };
        let Some(asked) = asked else {
            *left += taken.insert(order, None).flatten().unwrap_or_default();
            return StatusCode::NO_CONTENT;
        };
        let amount = asked["amount"]
            .as_str()
            .map(|amount| amount.replace('.', ""));
        let amount = amount.map(|amount| amount.parse().unwrap());
        let amount = amount.or(asked["quantity"].as_i64()).unwrap();
        match taken.get(&order) {
            Some(Some(_)) => StatusCode::OK,
            Some(None) => StatusCode::CONFLICT,
            None if *left < amount => refused,
            None => {
                *left -= amount;
                taken.insert(order, Some(amount));
                StatusCode::OK
            }
        }
    }
}
