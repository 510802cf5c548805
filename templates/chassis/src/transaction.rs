//! Several statements that count together or not at all.

use sqlx::{Postgres, Sqlite};

use crate::Database;

/// A transaction. It is undone when it is dropped without [`Transaction::commit`].
pub enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Runs a query within a transaction. As with `read!` and `write!`, the body is compiled once
/// for each database.
#[macro_export]
macro_rules! within {
    ($transaction:expr, |$connection:ident| $query:expr) => {
        match $transaction.by_ref() {
            $crate::Transaction::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $query.await
            }
            $crate::Transaction::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $query.await
            }
        }
    };
}

/// Runs a statement without rows within a transaction; gives how many it changed.
#[macro_export]
macro_rules! execute {
    ($transaction:expr, $query:expr) => {
        match $transaction.by_ref() {
            $crate::Transaction::Sqlite(transaction) => {
                let done = $query.execute(&mut **transaction).await;
                done.map(|done| done.rows_affected())
            }
            $crate::Transaction::Postgres(transaction) => {
                let done = $query.execute(&mut **transaction).await;
                done.map(|done| done.rows_affected())
            }
        }
    };
}

impl Database {
    /// Begins a transaction that writes. On SQLite it takes the one writer from the start: one that
    /// reads first and writes later would fail when another got ahead.
    pub async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        Ok(match self {
            Self::Sqlite { writer, .. } => {
                Transaction::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }
}

impl Transaction {
    /// Makes what was written last, all of it.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }

    /// For the macros, which take a transaction as well as a reference to one.
    pub fn by_ref(&mut self) -> &mut Self {
        self
    }
}
