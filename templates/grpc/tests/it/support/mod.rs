//! A whole service in the test's own process: no socket, but a real database of its own.
//!
//! It is SQLite in a temporary file, or with `TEST_DATABASE_URL` a schema of its own on that
//! PostgreSQL server.

use axum::Router;
use chassis::Database;
use chassis::health::Readiness;
use chassis::rpc::{self, Limits};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

pub use {= names.snake =}::proto;

use self::database::TestDatabase;

mod database;

/// The service under test.
pub struct Service {
    /// What a client calls instead of a server.
    pub router: Router,
    _database: TestDatabase,
}

impl Service {
    /// The service with an empty database.
    pub async fn start() -> Self {
        let database = TestDatabase::create().await;
        let migrations = {= names.snake =}::migrations();
        let connection = Database::connect(&database.url, 2, &migrations).await;
        let (connection, limits) = (connection.unwrap(), Limits::default());
        let api = {= names.snake =}::api(&connection, limits);
        Self {
            router: rpc::build(api, Readiness::default(), limits).unwrap(),
            _database: database,
        }
    }
}

/// Checks that a call was refused with this code, and returns the fields that are blamed, in order.
pub fn blamed<T>(answer: Result<Response<T>, Status>, code: Code) -> Vec<String> {
    let Err(status) = answer else {
        panic!("it was not refused");
    };
    assert_eq!(status.code(), code, "{status:?}");
    let details = status.get_details_bad_request().into_iter();
    let violations = details.flat_map(|details| details.field_violations);
    let mut fields: Vec<String> = violations.map(|violation| violation.field).collect();
    fields.sort_unstable();
    fields
}
{%- if uses.moments %}

/// A moment as messages hold it.
pub fn moment(text: &str) -> prost_types::Timestamp {
    text.parse::<chassis::Timestamp>().unwrap().into()
}
{%- endif %}
