//! {= entity.Titles =} over HTTP.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use chassis::{Database, Id, Page, PageRequest, Problem, Result, ValidJson};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
{% if not entity.id.integer -%}
use uuid::Uuid;
{% endif %}
use super::model::{{= entity.pascal =}, {= entity.pascal =}Input};
use super::store;

const PATH: &str = "{= entity.item_prefix =}";

/// The routes of {= entity.titles =}.
pub fn routes() -> OpenApiRouter<Database> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, replace, delete))
}

#[utoipa::path(
    get,
    path = "{= entity.path =}",
    tag = "{= entity.titles =}",
    operation_id = "list_{= entity.table =}",
    summary = "List {= entity.titles =}, oldest first",
    params(chassis::page::PageQuery),
    responses((
        status = 200, description = "One page", body = Vec<{= entity.pascal =}>,
        headers(("link" = String, description = "Where the next page is: `<..>; rel=\"next\"`")),
    )),
)]
async fn list(State(db): State<Database>, page: PageRequest<{= entity.id.rust =}>) -> Result<Page<{= entity.pascal =}>> {
    let entries = store::list(&db, page.after, page.rows()).await?;
    Ok(page.of(entries, |entry| entry.id))
}

#[utoipa::path(
    post,
    path = "{= entity.path =}",
    tag = "{= entity.titles =}",
    operation_id = "create_{= entity.snake =}",
    summary = "Create {= entity.an =}",
    request_body = {= entity.pascal =}Input,
    responses((
        status = 201, description = "Created", body = {= entity.pascal =},
        headers(("location" = String, description = "Where the {= entity.title =} is")),
    )),
)]
async fn create(State(db): State<Database>, ValidJson(input): ValidJson<{= entity.pascal =}Input>) -> Result<impl IntoResponse> {
    let created = store::insert(&db, &input).await?;
    let location = format!("{PATH}/{}", created.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(created),
    ))
}

#[utoipa::path(
    get,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "read_{= entity.snake =}",
    summary = "Read {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path)),
    responses((status = 200, description = "The {= entity.title =}", body = {= entity.pascal =})),
)]
async fn read(State(db): State<Database>, Id(id): Id<{= entity.id.rust =}>) -> Result<Json<{= entity.pascal =}>> {
    let found = store::find(&db, id).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

#[utoipa::path(
    put,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "replace_{= entity.snake =}",
    summary = "Replace {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path)),
    request_body = {= entity.pascal =}Input,
    responses((status = 200, description = "The {= entity.title =} as it is now", body = {= entity.pascal =})),
)]
async fn replace(State(db): State<Database>, Id(id): Id<{= entity.id.rust =}>, ValidJson(input): ValidJson<{= entity.pascal =}Input>) -> Result<Json<{= entity.pascal =}>> {
    let replaced = store::update(&db, id, &input).await?;
    replaced.map(Json).ok_or_else(Problem::not_found)
}

#[utoipa::path(
    delete,
    path = "{= entity.item_path =}",
    tag = "{= entity.titles =}",
    operation_id = "delete_{= entity.snake =}",
    summary = "Delete {= entity.an =}",
    params(("id" = {= entity.id.rust =}, Path)),
    responses((status = 204, description = "Deleted")),
)]
async fn delete(State(db): State<Database>, Id(id): Id<{= entity.id.rust =}>) -> Result<StatusCode> {
    let deleted = store::delete(&db, id).await?;
    if deleted {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found())
    }
}
