//! {= entity.Titles =} in the database. Every statement is understood by SQLite and PostgreSQL alike.

{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
use chassis::{= entity.store.chassis =};
use sqlx::{= entity.store.sqlx =};
{% if not entity.id.integer -%}
use uuid::Uuid;
{% endif %}
use super::model::{{= entity.pascal =}, {= entity.pascal =}Input};
{% if entity.events.imports -%}
use crate::events::{= entity.events.imports =};
{% endif %}
type Result<T> = std::result::Result<T, sqlx::Error>;
{% if options.cache != "none" %}
/// How the cache calls {= entity.titles =}.
const KIND: &str = "{= entity.name =}";
{% endif %}
{% if not entity.list -%}
const LIST: &str = r#"
    SELECT {= entity.sql.select =}
    FROM {= entity.sql.table =}
    WHERE "id" > $1
    ORDER BY "id"
    LIMIT $2
"#;

{% endif -%}
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
    WHERE "id" = $1 AND "row_version" = COALESCE({= entity.sql.expected =}, "row_version")
    RETURNING {= entity.sql.returning =}
"#;

const DELETE: &str = r#"
    DELETE FROM {= entity.sql.table =}
    WHERE "id" = $1 AND "row_version" = COALESCE($2, "row_version")
    RETURNING {% if entity.events.deleted %}{= entity.sql.returning =}{% else %}"id"{% endif %}
"#;
{% if entity.references %}
const DANGLING: &str = r#"
{%- for reference in entity.references %}
    SELECT '{= reference.name =}'
    WHERE {% if reference.optional %}${= loop.index =} IS NOT NULL AND {% endif %}NOT EXISTS (SELECT 1 FROM "{= reference.table =}" WHERE "id" = ${= loop.index =})
{%- if not loop.last %}
    UNION ALL
{%- endif %}
{%- endfor %}
"#;
{% endif %}
{% if not entity.list -%}
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

{% endif -%}
/// The {= entity.title =} with this id, if there is one.
pub async fn find(db: &Database, id: {= entity.id.rust =}) -> Result<Option<{= entity.pascal =}>> {
    read!(db, |pool| query_as(FIND).bind(id).fetch_optional(pool))
}

{% if options.cache != "none" -%}
/// The same, for showing it: the cache may have it, as it was a while ago.
pub async fn show(db: &Database, cache: &{= options.cache | pascal =}, id: {= entity.id.rust =}) -> Result<Option<{= entity.pascal =}>> {
    // Its version is no part of its JSON.
    let with_version = |entry: {= entity.pascal =}| (entry.row_version.to_string(), entry);
    let load = async { find(db, id).await.map(|found| found.map(with_version)) };
    let found = cache.find(KIND, id, load).await?;
    Ok(found.map(|(version, entry)| {= entity.pascal =} {
        row_version: Version::seen(&version),
        ..entry
    }))
}

{% endif -%}
{% if options.api == "http" -%}
/// Stores a new {= entity.title =}{% if entity.events.created %}, and with it the event that tells of it{% endif %}.
pub async fn insert(transaction: &mut Transaction, input: &{= entity.pascal =}Input) -> Result<{= entity.pascal =}> {
{%- else -%}
/// Stores a new {= entity.title =}.
pub async fn insert(db: &Database, input: &{= entity.pascal =}Input) -> Result<{= entity.pascal =}> {
{%- endif %}
{%- if not entity.id.integer %}
    let id = Uuid::now_v7();
{%- endif %}
    let now = Timestamp::now();
{%- if options.api != "http" %}
    write!(db, |pool| query_as(INSERT)
{%- elif entity.events.created %}
    let created = within!(transaction, |connection| query_as(INSERT)
{%- else %}
    within!(transaction, |connection| query_as(INSERT)
{%- endif %}
{%- if not entity.id.integer %}
        .bind(id)
{%- endif %}
{%- for field in entity.fields %}
        .bind({= field.bind =})
{%- endfor %}
        .bind(now)
        .bind(now)
{%- if options.api != "http" %}
        .fetch_one(pool))
{%- elif entity.events.created %}
        .fetch_one(connection))?;
    outbox::write(transaction, &{= entity.events.created =}::from(&created)).await?;
    Ok(created)
{%- else %}
        .fetch_one(connection))
{%- endif %}
}

/// Replaces what the client decides about {= entity.an =}, if there is one with this id and, where a
/// version is expected, of that version.
pub async fn update(db: &Database, {% if options.cache != "none" %}cache: &{= options.cache | pascal =}, {% endif %}id: {= entity.id.rust =}, input: &{= entity.pascal =}Input, expected: Option<Version>) -> Result<Option<{= entity.pascal =}>> {
    let now = Timestamp::now();
{%- if entity.events.updated %}
    let mut transaction = db.begin().await?;
    let updated = within!(transaction, |connection| query_as(UPDATE)
        .bind(id)
{%- for field in entity.fields %}
        .bind({= field.bind =})
{%- endfor %}
        .bind(now)
        .bind(expected)
        .fetch_optional(connection))?;
    if let Some(updated) = &updated {
        outbox::write(&mut transaction, &{= entity.events.updated =}::from(updated)).await?;
    }
    transaction.commit().await?;
    outbox::wake();
{%- if options.cache != "none" %}
    cache.forget(KIND, id).await;
{%- endif %}
    Ok(updated)
{%- else %}
    {% if options.cache != "none" %}let updated = {% endif %}write!(db, |pool| query_as(UPDATE)
        .bind(id)
{%- for field in entity.fields %}
        .bind({= field.bind =})
{%- endfor %}
        .bind(now)
        .bind(expected)
        .fetch_optional(pool)){% if options.cache != "none" %}?;
    cache.forget(KIND, id).await;
    Ok(updated){% endif %}
{%- endif %}
}

/// Deletes the {= entity.title =} with this id and, where one is expected, of this version; tells whether
/// there was one.
pub async fn delete(db: &Database, {% if options.cache != "none" %}cache: &{= options.cache | pascal =}, {% endif %}id: {= entity.id.rust =}, expected: Option<Version>) -> Result<bool> {
{%- if entity.events.deleted %}
    let mut transaction = db.begin().await?;
    let deleted = within!(transaction, |connection| query_as::<_, {= entity.pascal =}>(DELETE)
        .bind(id)
        .bind(expected)
        .fetch_optional(connection))?;
    if let Some(deleted) = &deleted {
        outbox::write(&mut transaction, &{= entity.events.deleted =}::from(deleted)).await?;
    }
    transaction.commit().await?;
    outbox::wake();
{%- else %}
    let deleted = write!(db, |pool| query_scalar::<_, {= entity.id.rust =}>(DELETE)
        .bind(id)
        .bind(expected)
        .fetch_optional(pool))?;
{%- endif %}
{%- if options.cache != "none" %}
    cache.forget(KIND, id).await;
{%- endif %}
    Ok(deleted.is_some())
}
{%- if entity.references %}

/// The fields that refer to what does not exist.
pub async fn dangling(db: &Database, input: &{= entity.pascal =}Input) -> Result<Vec<String>> {
    read!(db, |pool| query_scalar(DANGLING)
{%- for reference in entity.references %}
        .bind({= reference.bind =})
{%- endfor %}
        .fetch_all(pool))
}
{%- endif %}
