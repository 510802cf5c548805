//! A call as it is put together.

use std::fmt::Display;

use axum::body::{Body, Bytes};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;
use uuid::Uuid;

use super::answer::{Answer, Page, Tagged};
use super::caller::TIMEOUT;
use super::failure::Failure;
use super::{Client, Result, way};

/// What stands for itself in a segment of a path (RFC 3986). A dot does, too, but not alone: `..`
/// would lead elsewhere.
const SEGMENT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'~');

/// What a service knows a request by that is sent again.
const ONCE: HeaderName = HeaderName::from_static("idempotency-key");

/// A call, which is made when its answer is asked for.
pub struct Call<'c> {
    client: &'c Client,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
    /// What could not be put in.
    fault: Option<String>,
}

impl<'c> Call<'c> {
    pub(super) fn new(client: &'c Client, method: Method, path: &str) -> Self {
        Self {
            client,
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            fault: None,
        }
    }

    pub(super) fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }

    /// Puts a value in the place of a parameter of the path.
    #[must_use]
    pub fn path(mut self, name: &str, value: impl Display) -> Self {
        let value = value.to_string();
        let value = utf8_percent_encode(&value, &SEGMENT).to_string();
        self.path = self.path.replace(&format!("{{{name}}}"), &value);
        self
    }

    /// Adds the fields of a struct as parameters; those that are `None` are left out.
    #[must_use]
    pub fn query(mut self, parameters: &impl Serialize) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match serde_json::to_value(parameters) {
            Ok(Value::Object(fields)) => {
                for (name, value) in &fields {
                    match value {
                        Value::Null => {}
                        Value::String(text) => {
                            query.append_pair(name, text);
                        }
                        other => {
                            query.append_pair(name, &other.to_string());
                        }
                    }
                }
            }
            Ok(other) => self.fault = Some(format!("{other} is no list of parameters")),
            Err(error) => self.fault = Some(error.to_string()),
        }
        self.query = query.finish();
        self
    }

    /// Makes the change depend on the state that was read: its `ETag`.
    #[must_use]
    pub fn if_match(self, etag: Option<&str>) -> Self {
        self.header("if-match", etag)
    }

    /// Has the service do it once, however often it is sent: under this key, or a new one. So it can
    /// be repeated when its answer gets lost.
    #[must_use]
    pub fn once(self, key: Option<&str>) -> Self {
        let key = key.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
        self.header("idempotency-key", Some(key))
    }

    /// Adds a header, if there is a value for it.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: Option<impl Display>) -> Self {
        let Some(value) = value else { return self };
        match HeaderValue::from_str(&value.to_string()) {
            Ok(value) => self.insert(HeaderName::from_static(name), value),
            Err(error) => self.fault = Some(format!("{name}: {error}")),
        }
        self
    }

    /// Adds the body.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.body = body.into(),
            Err(error) => self.fault = Some(error.to_string()),
        }
        self.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        self
    }

    /// Adds the body, as `application/json`.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        self.body("application/json", body)
    }

    /// Makes the call; what is answered does not matter.
    pub async fn done(self) -> Result<()> {
        self.answer().await.map(drop)
    }

    /// Makes the call, and reads what is answered.
    pub async fn read<T: DeserializeOwned>(self) -> Result<T> {
        self.answer().await?.read()
    }

    /// Makes the call, and reads what is answered with its `ETag`.
    pub async fn tagged<T: DeserializeOwned>(self) -> Result<Tagged<T>> {
        self.answer().await?.tagged()
    }

    /// Makes the call, and reads what is answered as a page of a list.
    pub async fn page<T: DeserializeOwned>(self) -> Result<Page<T>> {
        self.answer().await?.page()
    }

    async fn answer(mut self) -> Result<Answer> {
        if let Some(fault) = self.fault {
            return Err(Failure::Unreadable(fault));
        }
        if !self.query.is_empty() {
            self.path = format!("{}?{}", self.path, self.query);
        }
        let path = PathAndQuery::try_from(self.path);
        let path = path.map_err(|error| Failure::Unreadable(error.to_string()))?;
        let (way, caller) = (&self.client.way, self.client.caller.as_ref());
        way::pass_on(caller, &mut self.headers);
        let json = HeaderValue::from_static("application/json");
        self.headers.insert(header::ACCEPT, json);
        // What a condition guards is done once: a repetition would be refused because of the first.
        let has = |name: &HeaderName| self.headers.contains_key(name);
        let is_repeatable = has(&ONCE) || self.method.is_idempotent() && !has(&header::IF_MATCH);
        let (mut head, ()) = Request::new(()).into_parts();
        (head.uri, head.method, head.headers) = (way.uri(path), self.method, self.headers);
        way.go(caller, is_repeatable, |deadline| {
            let body = Body::from(self.body.clone());
            let mut request = Request::from_parts(head.clone(), body);
            let left = u64::try_from(deadline.left().as_millis()).unwrap_or(u64::MAX);
            request.headers_mut().insert(TIMEOUT, left.into());
            let answer = way.connections.request(request);
            async move { Answer::of(answer.await?).await?.accepted() }
        })
        .await
    }
}
