//! Lists that clients filter and sort: one SELECT, put together from parts that are known when the
//! service is compiled. What a client sent is always a parameter and never becomes SQL.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Encode, FromRow, PgPool, Postgres, QueryBuilder, Sqlite, SqlitePool, Type};

use crate::Database;

/// A value that both databases take as a parameter.
pub trait Parameter<'t>:
    Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>
{
}

impl<'t, T> Parameter<'t> for T where
    T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>
{
}

/// A SELECT to which conditions and an order are added.
pub struct Select<'d> {
    builder: Builder<'d>,
    conditions: usize,
}

enum Builder<'d> {
    Sqlite(&'d SqlitePool, QueryBuilder<Sqlite>),
    Postgres(&'d PgPool, QueryBuilder<Postgres>),
}

impl<'d> Select<'d> {
    /// Begins with `head`: `SELECT .. FROM ..`.
    #[must_use]
    pub fn new(database: &'d Database, head: &'static str) -> Self {
        let builder = match database {
            Database::Sqlite { readers, .. } => Builder::Sqlite(readers, QueryBuilder::new(head)),
            Database::Postgres(pool) => Builder::Postgres(pool, QueryBuilder::new(head)),
        };
        Self {
            builder,
            conditions: 0,
        }
    }

    /// Leaves only rows that have this value, if there is one to compare with.
    pub fn filter<'t, T: Parameter<'t>>(&mut self, column: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.condition(&["\"", column, "\" = "]);
            self.bind(value);
        }
    }

    /// Oldest first, from behind the id with which the page before ended.
    pub fn by_id<'t, I: Parameter<'t>>(&mut self, after: Option<I>) {
        if let Some(id) = after {
            self.condition(&["\"id\" > "]);
            self.bind(id);
        }
        self.push(&[" ORDER BY \"id\""]);
    }

    /// Smallest first, from behind the value and id with which the page before ended. The id puts
    /// rows of the same value into an order, so that none is skipped or shown twice.
    pub fn ascending<'t, K, I>(&mut self, column: &'static str, after: Option<(K, I)>)
    where
        K: Parameter<'t>,
        I: Parameter<'t>,
    {
        self.behind(column, " > ", after);
        self.push(&[" ORDER BY \"", column, "\", \"id\""]);
    }

    /// The same, greatest first.
    pub fn descending<'t, K, I>(&mut self, column: &'static str, after: Option<(K, I)>)
    where
        K: Parameter<'t>,
        I: Parameter<'t>,
    {
        self.behind(column, " < ", after);
        self.push(&[" ORDER BY \"", column, "\" DESC, \"id\" DESC"]);
    }

    /// Runs it for at most so many rows.
    pub async fn fetch<R>(mut self, rows: i64) -> Result<Vec<R>, sqlx::Error>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        self.push(&[" LIMIT "]);
        self.bind(rows);
        match self.builder {
            Builder::Sqlite(pool, mut query) => query.build_query_as().fetch_all(pool).await,
            Builder::Postgres(pool, mut query) => query.build_query_as().fetch_all(pool).await,
        }
    }

    /// Rows are compared as pairs, for which both databases use the index on (column, id).
    fn behind<'t, K, I>(&mut self, column: &'static str, than: &'static str, after: Option<(K, I)>)
    where
        K: Parameter<'t>,
        I: Parameter<'t>,
    {
        if let Some((key, id)) = after {
            self.condition(&["(\"", column, "\", \"id\")", than, "("]);
            self.bind(key);
            self.push(&[", "]);
            self.bind(id);
            self.push(&[")"]);
        }
    }

    fn condition(&mut self, sql: &[&'static str]) {
        let is_first = self.conditions == 0;
        self.conditions += 1;
        self.push(&[if is_first { " WHERE " } else { " AND " }]);
        self.push(sql);
    }

    fn push(&mut self, sql: &[&'static str]) {
        for part in sql {
            match &mut self.builder {
                Builder::Sqlite(_, query) => _ = query.push(part),
                Builder::Postgres(_, query) => _ = query.push(part),
            }
        }
    }

    fn bind<'t, T: Parameter<'t>>(&mut self, value: T) {
        match &mut self.builder {
            Builder::Sqlite(_, query) => _ = query.push_bind(value),
            Builder::Postgres(_, query) => _ = query.push_bind(value),
        }
    }
}
