//! What the database's own rules refuse: which field, in the words of either database.

use sqlx::error::DatabaseError;

/// Whether a record could not be stored because it refers to one that does not exist.
#[must_use]
pub fn is_dangling(error: &sqlx::Error) -> bool {
    let refusal = error.as_database_error();
    refusal.is_some_and(DatabaseError::is_foreign_key_violation)
}

/// The field whose value another record has already.
pub(crate) fn taken_field(refusal: &dyn DatabaseError) -> Option<String> {
    column(refusal.table(), refusal.constraint(), refusal.message())
}

/// PostgreSQL names the constraint `<table>_<column>_key`, SQLite the column behind its message's
/// last point.
fn column(table: Option<&str>, constraint: Option<&str>, message: &str) -> Option<String> {
    if let (Some(table), Some(constraint)) = (table, constraint) {
        let column = constraint
            .strip_prefix(table)?
            .strip_prefix('_')?
            .strip_suffix("_key")?;
        return Some(column.to_owned());
    }
    let (_, column) = message
        .strip_prefix("UNIQUE constraint failed: ")?
        .split_once('.')?;
    Some(column.to_owned())
}

#[cfg(test)]
mod tests {
    use super::column;

    #[test]
    fn names_the_field_that_is_taken_on_both_databases() {
        let postgres = column(
            Some("orders"),
            Some("orders_email_key"),
            "duplicate key value",
        );
        assert_eq!(postgres.as_deref(), Some("email"));
        let sqlite = column(None, None, "UNIQUE constraint failed: orders.email");
        assert_eq!(sqlite.as_deref(), Some("email"));
        assert_eq!(column(None, None, "something else"), None);
    }
}
