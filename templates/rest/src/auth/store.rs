//! Accounts and their sessions in the database. Every statement is understood by SQLite and
//! PostgreSQL alike.

use chassis::auth::RefreshToken;
use chassis::{Database, Timestamp, read, write};
use sqlx::{query_as, query_scalar};
use uuid::Uuid;

use super::model::User;

type Result<T> = std::result::Result<T, sqlx::Error>;

const INSERT: &str = r#"
    INSERT INTO "users" ("id", "email", "password_hash", "created_at")
    VALUES ($1, $2, $3, $4)
    RETURNING "id", "email", "created_at"
"#;

const FIND: &str = r#"
    SELECT "id", "password_hash"
    FROM "users"
    WHERE "email" = $1
"#;

{% if entities | length == 0 -%}
const READ: &str = r#"
    SELECT "id", "email", "created_at"
    FROM "users"
    WHERE "id" = $1
"#;

{% endif -%}
const CLEAN: &str = r#"
    DELETE FROM "user_sessions"
    WHERE "user_id" = $1 AND "expires_at" <= $2
    RETURNING "id"
"#;

const BEGIN: &str = r#"
    INSERT INTO "user_sessions" ("id", "user_id", "token_hash", "expires_at")
    VALUES ($1, $2, $3, $4)
    RETURNING "id"
"#;

// Of two requests with the same token one finds it changed already.
const ROTATE: &str = r#"
    UPDATE "user_sessions"
    SET "token_hash" = $3, "expires_at" = $4
    WHERE "id" = $1 AND "token_hash" = $2 AND "expires_at" > $5
    RETURNING "user_id"
"#;

const END: &str = r#"
    DELETE FROM "user_sessions"
    WHERE "id" = $1
    RETURNING "user_id"
"#;

/// Stores a new account.
pub async fn insert(db: &Database, email: &str, password_hash: &str) -> Result<User> {
    let id = Uuid::now_v7();
    write!(db, |pool| query_as(INSERT)
        .bind(id)
        .bind(email)
        .bind(password_hash)
        .bind(Timestamp::now())
        .fetch_one(pool))
}

/// The id and the password's hash of an account, if there is one.
pub async fn find(db: &Database, email: &str) -> Result<Option<(Uuid, String)>> {
    read!(db, |pool| query_as(FIND).bind(email).fetch_optional(pool))
}

{% if entities | length == 0 -%}
/// The account with this id, if there is one.
pub async fn read(db: &Database, id: Uuid) -> Result<Option<User>> {
    read!(db, |pool| query_as(READ).bind(id).fetch_optional(pool))
}

{% endif -%}
/// Begins a session, and clears away those of the account that have expired.
pub async fn begin(
    db: &Database,
    user: Uuid,
    token: &RefreshToken,
    until: Timestamp,
) -> Result<Uuid> {
    write!(db, |pool| query_scalar::<_, Uuid>(CLEAN)
        .bind(user)
        .bind(Timestamp::now())
        .fetch_all(pool))?;
    write!(db, |pool| query_scalar(BEGIN)
        .bind(token.session())
        .bind(user)
        .bind(token.hash())
        .bind(until)
        .fetch_one(pool))
}

/// Puts a session's next token in the place of the one that is used up; gives its account, unless
/// the token is not the session's current one.
pub async fn rotate(
    db: &Database,
    used: &RefreshToken,
    next: &RefreshToken,
    until: Timestamp,
) -> Result<Option<Uuid>> {
    write!(db, |pool| query_scalar(ROTATE)
        .bind(used.session())
        .bind(used.hash())
        .bind(next.hash())
        .bind(until)
        .bind(Timestamp::now())
        .fetch_optional(pool))
}

/// Ends a session; gives its account, if there was one.
pub async fn end(db: &Database, session: Uuid) -> Result<Option<Uuid>> {
    write!(db, |pool| query_scalar(END)
        .bind(session)
        .fetch_optional(pool))
}
