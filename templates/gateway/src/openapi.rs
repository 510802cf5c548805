//! One API document for all that is behind the gateway, put together from those of the services.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_body_util::{BodyExt, Limited};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

{% if options.grpc -%}
use crate::contracts::Contracts;
use crate::grpc;
{% endif -%}
use crate::route::Route;
use crate::upstream::{Deadline, Upstream};

mod merge;
{% if options.auth == "jwt" -%}
mod security;
{% endif -%}

/// How long the document is good: services change seldom, but those that were away come back.
const GOOD_FOR: Duration = Duration::from_mins(1);
const INCOMPLETE_GOOD_FOR: Duration = Duration::from_secs(5);

/// How long a service may take for its document, and how large that may be.
const TIMEOUT: Duration = Duration::from_secs(2);
const LARGEST: usize = 4 * 1024 * 1024;

/// The document, and what it takes to make it anew.
pub struct Document {
    table: Vec<Route>,
    upstreams: BTreeMap<&'static str, Arc<Upstream>>,
{%- if options.grpc %}
    /// Of the services that speak gRPC: they have no document of their own to ask for.
    known: BTreeMap<&'static str, Option<Value>>,
{%- endif %}
    latest: Mutex<Option<(Bytes, Instant)>>,
}

impl Document {
    #[must_use]
{%- if options.grpc %}
    pub fn new(
        table: &[Route],
        upstreams: &BTreeMap<&'static str, Arc<Upstream>>,
        contracts: &Contracts,
    ) -> Self {
        let (mut upstreams, mut known) = (upstreams.clone(), BTreeMap::new());
        for route in table.iter().filter(|route| route.is_grpc) {
            let methods = contracts.methods(route.service);
            known.insert(route.service, grpc::document::of(&methods));
            upstreams.remove(route.service);
        }
        Self {
            table: table.to_vec(),
            upstreams,
            known,
{%- else %}
    pub fn new(table: &[Route], upstreams: &BTreeMap<&'static str, Arc<Upstream>>) -> Self {
        Self {
            table: table.to_vec(),
            upstreams: upstreams.clone(),
{%- endif %}
            latest: Mutex::new(None),
        }
    }

    /// The document as it is now. While it is made, all who ask for it wait for the same one.
    async fn current(&self) -> Bytes {
        let mut latest = self.latest.lock().await;
        if let Some((document, good_until)) = &*latest
            && Instant::now() < *good_until
        {
            return document.clone();
        }
        let asked = self.upstreams.iter().map(|(name, upstream)| {
            let upstream = upstream.clone();
            (*name, tokio::spawn(async move { fetch(&upstream).await }))
        });
{%- if options.grpc %}
        let mut documents = self.known.clone();
{%- else %}
        let mut documents = BTreeMap::new();
{%- endif %}
        for (name, answer) in asked.collect::<Vec<_>>() {
            documents.insert(name, answer.await.ok().flatten());
        }
        let good_for = if documents.values().all(Option::is_some) {
            GOOD_FOR
        } else {
            INCOMPLETE_GOOD_FOR
        };
{%- if options.auth == "jwt" %}
        let mut merged = merge::merge(&self.table, documents);
        security::mark(&mut merged, &self.table);
{%- else %}
        let merged = merge::merge(&self.table, documents);
{%- endif %}
        let document = Bytes::from(merged.to_string());
        *latest = Some((document.clone(), Instant::now() + good_for));
        document
    }
}

/// `/openapi.json`, which `/docs` shows.
pub fn routes(document: Document) -> Router {
    Router::new()
        .route("/openapi.json", get(answer))
        .with_state(Arc::new(document))
}

async fn answer(State(document): State<Arc<Document>>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, document.current().await).into_response()
}

/// A service's own document, if it has one and is there.
async fn fetch(upstream: &Upstream) -> Option<Value> {
    let _slot = upstream.slot().ok()?;
    let path = PathAndQuery::from_static("/openapi.json");
    let (head, ()): (Parts, ()) = Request::new(()).into_parts();
    let deadline = Deadline {
        at: Instant::now() + TIMEOUT,
        is_of_client: false,
    };
    let answer = upstream.call(head, Body::empty(), path, deadline);
    let answer = answer.await.ok()?;
    if answer.status() != StatusCode::OK {
        return None;
    }
    let body = Limited::new(answer.into_body(), LARGEST).collect();
    let body = tokio::time::timeout(TIMEOUT, body).await.ok()?.ok()?;
    serde_json::from_slice(&body.to_bytes()).ok()
}
