//! {= entity.Titles =} over HTTP.

{% if options.cache != "none" or entity.checks -%}
use axum::Extension;
{% endif -%}
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
{% if entity.path != entity.item_prefix -%}
use axum::routing::get;
{% endif -%}
{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
{% if entity.checks -%}
use chassis::client::Caller;
{% endif -%}
use chassis::idempotency::{Answer, Once};
use chassis::{Database, Id, IfMatch, IfNoneMatch, Page, PageRequest, Problem, Result, Tagged, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
{% if not entity.id.integer -%}
use uuid::Uuid;
{% endif %}
use super::model::{{= entity.pascal =}, {= entity.pascal =}Input};
{% if entity.list and entity.list.sorts -%}
use super::query::{{= entity.pascal =}Cursor, {= entity.pascal =}Query};
{% elif entity.list -%}
use super::query::{= entity.pascal =}Query;
{% endif -%}
{% if entity.checks -%}
use super::{references, store};
use crate::clients::Clients;
{% else -%}
use super::store;
{% endif %}
const PATH: &str = "{= entity.item_prefix =}";

/// The routes of {= entity.titles =}.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, replace, delete))
{%- if entity.path != entity.item_prefix %}
        // Who leaves the slash at the end out means the same.
        .route(PATH, get(list).post(create))
{%- endif %}
}

#[utoipa::path(
    get,
    path = "{= entity.path =}",
    tag = "{= entity.titles =}",
    operation_id = "list_{= entity.table =}",
    summary = "List {= entity.titles =}, oldest first{% if entity.list and entity.list.sorts %} unless sorted otherwise{% endif %}",
    params(chassis::page::PageQuery{% if entity.list %}<{= entity.pascal =}Query>{% endif %}),
    responses((
        status = 200, description = "One page", body = Vec<{= entity.pascal =}>,
        headers(("link" = String, description = "Where the next page is: `<..>; rel=\"next\"`")),
    )),
)]
{% if entity.list and entity.list.sorts -%}
async fn list(State(db): State<Database>, page: PageRequest<{= entity.pascal =}Cursor, {= entity.pascal =}Query>) -> Result<Page<{= entity.pascal =}>> {
    let after = page.after.as_ref();
    let entries = page.query.select(&db, after, page.rows()).await?;
    Ok(page.of(entries, {= entity.pascal =}Cursor::of))
}
{%- elif entity.list -%}
async fn list(State(db): State<Database>, page: PageRequest<{= entity.id.rust =}, {= entity.pascal =}Query>) -> Result<Page<{= entity.pascal =}>> {
    let entries = page.query.select(&db, page.after, page.rows()).await?;
    Ok(page.of(entries, |entry| entry.id))
}
{%- else -%}
async fn list(State(db): State<Database>, page: PageRequest<{= entity.id.rust =}>) -> Result<Page<{= entity.pascal =}>> {
    let entries = store::list(&db, page.after, page.rows()).await?;
    Ok(page.of(entries, |entry| entry.id))
}
{%- endif %}

#[utoipa::path(
    post,
    path = "{= entity.path =}",
    tag = "{= entity.titles =}",
    operation_id = "create_{= entity.snake =}",
    summary = "Create {= entity.an =}",
    params(Once),
    request_body = {= entity.pascal =}Input,
    responses(
        (
            status = 201, description = "Created", body = {= entity.pascal =},
            headers(
                ("location" = String, description = "Where the {= entity.title =} is"),
                ("etag" = String, description = "Changes with every change of the {= entity.title =}"),
            ),
        ),
        Once,
    ),
)]
async fn create(State(db): State<Database>, {% if entity.checks %}Extension(clients): Extension<Clients>, caller: Caller, {% endif %}once: Once, ValidJson(input): ValidJson<{= entity.pascal =}Input>) -> Result<Answer> {
{%- if entity.checks %}
    // Asked before the transaction begins, which must not wait for others; the answer that a
    // request got before stands, whatever became of what it refers to.
    let checked = references::check(&clients, &caller, &input).await;
{%- endif %}
    let mut transaction = db.begin().await?;
    if let Some(answer) = once.before(&mut transaction, &input).await? {
        return Ok(answer);
    }
{%- if entity.checks %}
    checked?;
{%- endif %}
{%- if entity.references %}
    let created = match store::insert(&mut transaction, &input).await {
        Ok(created) => created,
        Err(error) => {
            drop(transaction);
            return Err(refusal(&db, &input, error).await);
        }
    };
{%- else %}
    let created = store::insert(&mut transaction, &input).await?;
{%- endif %}
    let location = format!("{PATH}/{}", created.id);
    let answer = Answer::created(location, &created)?.tagged(created.row_version);
    once.keep(&mut transaction, &answer).await?;
    transaction.commit().await?;
{%- if entity.events.created %}
    chassis::outbox::wake();
{%- endif %}
    Ok(answer)
}

#[utoipa::path(
    get,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "read_{= entity.snake =}",
    summary = "Read {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path), IfNoneMatch),
    responses(
        (
            status = 200, description = "The {= entity.title =}", body = {= entity.pascal =},
            headers(("etag" = String, description = "Changes with every change of the {= entity.title =}")),
        ),
        IfNoneMatch,
    ),
)]
async fn read(State(db): State<Database>, {% if options.cache != "none" %}Extension(cache): Extension<{= options.cache | pascal =}>, {% endif %}Id(id): Id<{= entity.id.rust =}>, known: IfNoneMatch) -> Result<Response> {
{%- if options.cache != "none" %}
    let found = store::show(&db, &cache, id).await?;
{%- else %}
    let found = store::find(&db, id).await?;
{%- endif %}
    let entry = found.ok_or_else(Problem::not_found)?;
    Ok(known.answer(entry.row_version, entry))
}

#[utoipa::path(
    put,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "replace_{= entity.snake =}",
    summary = "Replace {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path), IfMatch),
    request_body = {= entity.pascal =}Input,
    responses(
        (
            status = 200, description = "The {= entity.title =} as it is now", body = {= entity.pascal =},
            headers(("etag" = String, description = "Changes with every change of the {= entity.title =}")),
        ),
        IfMatch,
{%- if entity.references or entity.checks %}
        chassis::refused::Dangling,
{%- endif %}
    ),
)]
async fn replace(State(db): State<Database>, {% if options.cache != "none" %}Extension(cache): Extension<{= options.cache | pascal =}>, {% endif %}{% if entity.checks %}Extension(clients): Extension<Clients>, caller: Caller, {% endif %}Id(id): Id<{= entity.id.rust =}>, IfMatch(expected): IfMatch, ValidJson(input): ValidJson<{= entity.pascal =}Input>) -> Result<Tagged<{= entity.pascal =}>> {
{%- if entity.checks %}
    references::check(&clients, &caller, &input).await?;
{%- endif %}
{%- if entity.references %}
    let replaced = match store::update(&db, {% if options.cache != "none" %}&cache, {% endif %}id, &input, expected).await {
        Ok(replaced) => replaced,
        Err(error) => return Err(refusal(&db, &input, error).await),
    };
{%- else %}
    let replaced = store::update(&db, {% if options.cache != "none" %}&cache, {% endif %}id, &input, expected).await?;
{%- endif %}
    match replaced {
        Some(entry) => Ok(Tagged(entry.row_version, entry)),
        None => Err(missed(&db, id).await),
    }
}

#[utoipa::path(
    delete,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "delete_{= entity.snake =}",
    summary = "Delete {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path), IfMatch),
    responses((status = 204, description = "Deleted"), IfMatch),
)]
async fn delete(State(db): State<Database>, {% if options.cache != "none" %}Extension(cache): Extension<{= options.cache | pascal =}>, {% endif %}Id(id): Id<{= entity.id.rust =}>, IfMatch(expected): IfMatch) -> Result<StatusCode> {
    let deleted = store::delete(&db, {% if options.cache != "none" %}&cache, {% endif %}id, expected).await?;
    if deleted {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(missed(&db, id).await)
    }
}

/// Why a write found no {= entity.title =} to change: there is none, or it is of another version.
async fn missed(db: &Database, id: {= entity.id.rust =}) -> Problem {
    match store::find(db, id).await {
        Ok(None) => Problem::not_found(),
        Ok(Some(_)) => Problem::changed_meanwhile(),
        Err(error) => error.into(),
    }
}
{%- if entity.references %}

/// Why the database refused {= entity.an =}: as a rule, something that it refers to does not exist.
async fn refusal(db: &Database, input: &{= entity.pascal =}Input, error: sqlx::Error) -> Problem {
    if !chassis::constraint::is_dangling(&error) {
        return error.into();
    }
    let fields = store::dangling(db, input).await;
    fields.map_or_else(Problem::from, Problem::dangling)
}
{%- endif %}
