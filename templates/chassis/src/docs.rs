//! The OpenAPI document at `/openapi.json`, and a page that shows it at `/docs`.
//!
//! The page is our own: it needs no network and a few kilobytes, where the usual viewers take
//! megabytes or a CDN.

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::get;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::{FieldError, Problem};

const PAGE: &str = include_str!("docs/page.html");
const SCRIPT: &str = include_str!("docs/page.js");
const STYLE: &str = include_str!("docs/page.css");

/// The page loads nothing but what is served here.
const POLICY: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'";

/// The document, and a page for people.
pub fn routes(document: OpenApi) -> Router {
    let document = Bytes::from(to_json(document));
    let html = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    let json = [(header::CONTENT_TYPE, "application/json")];
    let script = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    let style = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    Router::new()
        .route("/openapi.json", get(async move || (json, document)))
        .route("/docs", get(async move || (html, PAGE)))
        .route("/docs/page.js", get(async move || (script, SCRIPT)))
        .route("/docs/page.css", get(async move || (style, STYLE)))
}

/// The beginning of a document, to which routes are added.
#[must_use]
pub fn document(title: &str, version: &str, description: &str) -> OpenApi {
    let mut info = Info::new(title, version);
    info.description = Some(description.to_owned());
    OpenApiBuilder::new().info(info).build()
}

/// The document as it is served and committed, completed by what holds for every operation: any
/// error is a problem.
#[must_use]
pub fn to_json(mut document: OpenApi) -> String {
    let components = document.components.get_or_insert_default();
    components
        .schemas
        .insert(Problem::name().into_owned(), Problem::schema());
    components
        .schemas
        .insert(FieldError::name().into_owned(), FieldError::schema());
    let paths = document.paths.paths.values_mut();
    paths.flat_map(operations).for_each(add_problem);
    let json = document.to_pretty_json().unwrap_or_default();
    json + "\n"
}

/// What can be done at one path.
pub(crate) fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let operations = [
        &mut path.get,
        &mut path.post,
        &mut path.put,
        &mut path.patch,
        &mut path.delete,
    ];
    operations.into_iter().flatten()
}

fn add_problem(operation: &mut Operation) {
    let response = Problem::response("What went wrong (RFC 9457)");
    let responses = &mut operation.responses.responses;
    responses.insert("default".to_owned(), response);
}
