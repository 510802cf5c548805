//! The database: SQLite in a file beside the service, or PostgreSQL, chosen by the URL; the same
//! binary does both.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use crate::resource::{Pending, Resource};
use crate::settings;

mod decimal;
mod timestamp;

/// How long a request waits for a connection, and SQLite for a lock, before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections to the database; cheap to clone.
#[derive(Clone)]
pub enum Database {
    /// SQLite allows one writer at a time. With one connection for all writes they queue here, in
    /// order and without polling for a lock, while readers go on: that keeps the slowest write some
    /// ten times faster.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// Where the database is.
#[derive(Debug, Clone)]
pub struct Settings {
    pub url: String,
    /// To PostgreSQL at most; SQLite has as many as serve it best.
    pub connections: u32,
}

impl Settings {
    /// Reads those that were set; without any, the service `name` has a file of its own.
    pub fn read(given: &mut settings::Settings, name: &str) -> Self {
        Self {
            url: given.get("DATABASE_URL", format!("sqlite://data/{name}.db")),
            connections: given.get("DATABASE_CONNECTIONS", 10),
        }
    }
}

/// The migrations of a service, one set for each database.
pub struct Migrations {
    pub sqlite: Migrator,
    pub postgres: Migrator,
}

/// Runs a query that reads. The body is compiled once for each database, so it can hold only what
/// both understand: `$1` parameters, `RETURNING`, `COALESCE`, quoted names.
#[macro_export]
macro_rules! read {
    ($database:expr, |$pool:ident| $query:expr) => {
        match $database {
            $crate::Database::Sqlite { readers: $pool, .. } => $query.await,
            $crate::Database::Postgres($pool) => $query.await,
        }
    };
}

/// Runs a statement that writes. Several in one transaction begin with `BEGIN IMMEDIATE` on SQLite
/// (`pool.begin_with`): one that reads first and writes later would fail when another got ahead.
#[macro_export]
macro_rules! write {
    ($database:expr, |$pool:ident| $query:expr) => {
        match $database {
            $crate::Database::Sqlite { writer: $pool, .. } => $query.await,
            $crate::Database::Postgres($pool) => $query.await,
        }
    };
}

impl Database {
    /// Connects and brings the schema up to date. `connections` limits those to PostgreSQL; SQLite
    /// has as many as serve it best.
    ///
    /// On PostgreSQL several replicas may start at once: sqlx holds a lock while it migrates.
    pub async fn connect(
        url: &str,
        connections: u32,
        migrations: &Migrations,
    ) -> anyhow::Result<Self> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE);
            let pool = options
                .connect(url)
                .await
                .context("cannot connect to PostgreSQL")?;
            migrations
                .postgres
                .run(&pool)
                .await
                .context("cannot migrate the database")?;
            return Ok(Self::Postgres(pool));
        }
        if !url.starts_with("sqlite:") {
            bail!("DATABASE_URL must begin with sqlite: or postgres:");
        }
        open_sqlite(url, &migrations.sqlite).await
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        let one: i32 = read!(self, |pool| sqlx::query_scalar("SELECT 1").fetch_one(pool))?;
        debug_assert_eq!(one, 1);
        Ok(())
    }
}

impl Resource for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    fn ping(&self) -> Pending<'_, anyhow::Result<()>> {
        Box::pin(async { Ok(self.ping().await?) })
    }

    /// Waits for running queries and closes all connections.
    fn close(&self) -> Pending<'_, ()> {
        Box::pin(async {
            match self {
                Self::Sqlite { writer, readers } => {
                    readers.close().await;
                    writer.close().await;
                }
                Self::Postgres(pool) => pool.close().await,
            }
        })
    }
}

/// Write-ahead log with `synchronous = NORMAL`: a crash of the service loses nothing, a power cut
/// at most the last moments; four times faster than syncing every write.
async fn open_sqlite(url: &str, migrations: &Migrator) -> anyhow::Result<Database> {
    let options = SqliteConnectOptions::from_str(url)
        .context("DATABASE_URL is not valid")?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE);
    if let Some(folder) = options
        .get_filename()
        .parent()
        .filter(|folder| *folder != Path::new(""))
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    // A file does not go away: connections are neither tested before use nor closed when idle.
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
    };
    let unreadable = || format!("cannot open {}", options.get_filename().display());
    let writer = pool(1).await.with_context(unreadable)?;
    migrations
        .run(&writer)
        .await
        .context("cannot migrate the database")?;
    // Readers come last: a connection from before the migrations would take the name of a new
    // column in its first statement for a text, as SQLite does with what it does not know.
    let readers = pool(4).await.with_context(unreadable)?;
    Ok(Database::Sqlite { writer, readers })
}
