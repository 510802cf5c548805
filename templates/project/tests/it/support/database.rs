//! A database for one test, gone when the test ends, be it by a panic.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

pub struct TestDatabase {
    pub url: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    Schema { server: String, name: String },
}

impl TestDatabase {
    pub async fn create() -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            let file = std::env::temp_dir().join(format!("{name}.db"));
            return Self {
                url: format!("sqlite://{}", file.display()),
                place: Place::File(file),
            };
        };
        execute(&server, format!("CREATE SCHEMA {name}")).await;
        let separator = if server.contains('?') { '&' } else { '?' };
        // A connection that is left within a transaction would keep the schema from being dropped.
        let options =
            format!("-csearch_path%3D{name}%20-cidle_in_transaction_session_timeout%3D1s");
        let url = format!("{server}{separator}options={options}");
        Self {
            url,
            place: Place::Schema { server, name },
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::File(file) => {
                for suffix in ["", "-wal", "-shm"] {
                    // Whatever is not there needs no removal.
                    let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
                }
            }
            Place::Schema { server, name } => {
                let (server, sql) = (server.clone(), format!("DROP SCHEMA {name} CASCADE"));
                // The test's own runtime cannot wait here, so another thread's does.
                let thread = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build();
                    runtime.unwrap().block_on(execute(&server, sql));
                });
                let _ = thread.join();
            }
        }
    }
}

async fn execute(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
}
