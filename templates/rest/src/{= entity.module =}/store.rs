//! {= entity.Titles =} in the database. Every statement is understood by SQLite and PostgreSQL alike.

use chassis::{Database, Timestamp, read, write};
use sqlx::{query_as, query_scalar};
{% if not entity.id.integer -%}
use uuid::Uuid;
{% endif %}
use super::model::{{= entity.pascal =}, {= entity.pascal =}Input};

type Result<T> = std::result::Result<T, sqlx::Error>;

const LIST: &str = r#"
    SELECT {= entity.sql.select =}
    FROM {= entity.sql.table =}
    WHERE "id" > $1
    ORDER BY "id"
    LIMIT $2
"#;

const FIND: &str = r#"
    SELECT {= entity.sql.select =}
    FROM {= entity.sql.table =}
    WHERE "id" = $1
"#;

const INSERT: &str = r#"
    INSERT INTO {= entity.sql.table =}
        ({= entity.sql.insert =})
    VALUES ({= entity.sql.values =})
    RETURNING {= entity.sql.returning =}
"#;

const UPDATE: &str = r#"
    UPDATE {= entity.sql.table =}
    SET {= entity.sql.set =}
    WHERE "id" = $1
    RETURNING {= entity.sql.returning =}
"#;

const DELETE: &str = r#"
    DELETE FROM {= entity.sql.table =}
    WHERE "id" = $1
    RETURNING "id"
"#;

{% if entity.id.integer -%}
/// Up to `rows` {= entity.titles =} behind `after`, oldest first: ids are counted up.
{% else -%}
/// Up to `rows` {= entity.titles =} behind `after`, oldest first: ids are UUIDs of version 7, which grow with time.
{% endif -%}
pub async fn list(db: &Database, after: Option<{= entity.id.rust =}>, rows: i64) -> Result<Vec<{= entity.pascal =}>> {
{%- if entity.id.integer %}
    // Zero comes before every id.
{%- else %}
    // The nil UUID comes before every id.
{%- endif %}
    let after = after.unwrap_or_default();
    read!(db, |pool| query_as(LIST)
        .bind(after)
        .bind(rows)
        .fetch_all(pool))
}

/// The {= entity.title =} with this id, if there is one.
pub async fn find(db: &Database, id: {= entity.id.rust =}) -> Result<Option<{= entity.pascal =}>> {
    read!(db, |pool| query_as(FIND).bind(id).fetch_optional(pool))
}

/// Stores a new {= entity.title =}.
pub async fn insert(db: &Database, input: &{= entity.pascal =}Input) -> Result<{= entity.pascal =}> {
{%- if not entity.id.integer %}
    let id = Uuid::now_v7();
{%- endif %}
    let now = Timestamp::now();
    write!(db, |pool| query_as(INSERT)
{%- if not entity.id.integer %}
        .bind(id)
{%- endif %}
{%- for field in entity.fields %}
        .bind({= field.bind =})
{%- endfor %}
        .bind(now)
        .bind(now)
        .fetch_one(pool))
}

/// Replaces what the client decides about {= entity.an =}, if there is one with this id.
pub async fn update(db: &Database, id: {= entity.id.rust =}, input: &{= entity.pascal =}Input) -> Result<Option<{= entity.pascal =}>> {
    let now = Timestamp::now();
    write!(db, |pool| query_as(UPDATE)
        .bind(id)
{%- for field in entity.fields %}
        .bind({= field.bind =})
{%- endfor %}
        .bind(now)
        .fetch_optional(pool))
}

/// Deletes the {= entity.title =} with this id; tells whether there was one.
pub async fn delete(db: &Database, id: {= entity.id.rust =}) -> Result<bool> {
    let deleted = write!(db, |pool| query_scalar::<_, {= entity.id.rust =}>(DELETE)
        .bind(id)
        .fetch_optional(pool))?;
    Ok(deleted.is_some())
}
