//! `Idempotency-Key`: a request that makes something takes effect once, however often it is sent.
//! A client that heard nothing sends it again with the same key, and gets the first answer.
//!
//! The answer is kept in the transaction of what it tells of: there is never one without the
//! other, wherever the service was killed. Source: draft-ietf-httpapi-idempotency-key-header.

use std::collections::BTreeMap;

use anyhow::Context;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, RefOr, Required, Type as JsonType};
use utoipa::{IntoParams, IntoResponses};

use crate::problem::{FieldError, Problem, Result};
use crate::{Timestamp, Transaction, Version, execute, within};

const HEADER: &str = "idempotency-key";

/// For how long a request may be sent again.
const KEPT: TimeDelta = TimeDelta::hours(24);

const FORGET: &str = r#"DELETE FROM "idempotency_keys" WHERE "created_at" < $1"#;

const CLAIM: &str = r#"
    INSERT INTO "idempotency_keys" ("scope", "key", "request", "created_at")
    VALUES ($1, $2, $3, $4)
    ON CONFLICT ("scope", "key") DO NOTHING
"#;

const FIND: &str = r#"
    SELECT "request", "answer" FROM "idempotency_keys" WHERE "scope" = $1 AND "key" = $2
"#;

const KEEP: &str = r#"
    UPDATE "idempotency_keys" SET "answer" = $3 WHERE "scope" = $1 AND "key" = $2
"#;

/// What a client calls its request, if it does. Handlers take it as an argument.
#[derive(Debug)]
pub struct Once(Option<Key>);

#[derive(Debug)]
struct Key {
    /// The route, and the account that asks: others may choose the same key.
    scope: String,
    key: String,
}

/// An answer that can be given again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    body: String,
}

impl Once {
    /// The answer that this request got before. Without one, its work is to be done in this
    /// transaction: an equal request waits until that is over.
    ///
    /// # Errors
    /// The key was used for another request (422), or the database failed.
    pub async fn before<I: Serialize>(
        &self,
        transaction: &mut Transaction,
        input: &I,
    ) -> Result<Option<Answer>> {
        let Some(Key { scope, key }) = &self.0 else {
            return Ok(None);
        };
        let request = serde_json::to_vec(input).map_err(anyhow::Error::from)?;
        let request = Sha256::digest(request).to_vec();
        let (now, oldest) = (Timestamp::now(), Timestamp::from(Utc::now() - KEPT));
        execute!(transaction, query(FORGET).bind(oldest))?;
        let claimed = execute!(
            transaction,
            query(CLAIM).bind(scope).bind(key).bind(&request).bind(now)
        )?;
        if claimed == 1 {
            return Ok(None);
        }
        let found = within!(transaction, |connection| query_as(FIND)
            .bind(scope)
            .bind(key)
            .fetch_one(connection));
        let first: (Vec<u8>, Option<String>) = found?;
        if first.0 != request {
            let error = FieldError::new(HEADER, "was used for another request");
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY).errors(vec![error]));
        }
        let answer = first.1.context("the first answer was not kept")?;
        let answer = serde_json::from_str(&answer).map_err(anyhow::Error::from)?;
        Ok(Some(answer))
    }

    /// Keeps the answer with what was done.
    ///
    /// # Errors
    /// The database failed.
    pub async fn keep(&self, transaction: &mut Transaction, answer: &Answer) -> Result<()> {
        if let Some(Key { scope, key }) = &self.0 {
            let answer = serde_json::to_string(answer).map_err(anyhow::Error::from)?;
            execute!(transaction, query(KEEP).bind(scope).bind(key).bind(answer))?;
        }
        Ok(())
    }
}

impl Answer {
    /// 201: this record was made, and is found there.
    ///
    /// # Errors
    /// The record can't be written as JSON.
    pub fn created<T: Serialize>(location: String, record: &T) -> Result<Self> {
        Ok(Self {
            status: StatusCode::CREATED.as_u16(),
            location: Some(location),
            etag: None,
            body: serde_json::to_string(record).map_err(anyhow::Error::from)?,
        })
    }

    /// The same with the record's `ETag`.
    #[must_use]
    pub fn tagged(self, version: Version) -> Self {
        let etag = Some(version.to_string());
        Self { etag, ..self }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (
            status,
            [(header::CONTENT_TYPE, "application/json")],
            self.body,
        )
            .into_response();
        let told = [(header::LOCATION, self.location), (header::ETAG, self.etag)];
        for (name, value) in told {
            if let Some(Ok(value)) = value.map(TryInto::try_into) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut given = parts.headers.get_all(HEADER).iter();
        let Some(first) = given.next() else {
            return Ok(Self(None));
        };
        let key = first.to_str().unwrap_or_default().trim_matches('"');
        if key.is_empty() || key.len() > 255 || given.next().is_some() {
            let rule = "must be given once, as 1 to 255 letters such as those of a UUID";
            return Err(Problem::invalid(vec![FieldError::new(HEADER, rule)]));
        }
        let route = parts.extensions.get::<MatchedPath>();
        let route = route.map_or("", MatchedPath::as_str);
{%- if needs.accounts %}
        let account = parts.extensions.get::<crate::Identity>();
        let account = account.map_or_else(String::new, |identity| identity.0.to_string());
        let scope = format!("{} {route} {account}", parts.method);
{%- else %}
        let scope = format!("{} {route}", parts.method);
{%- endif %}
        let key = key.to_owned();
        Ok(Self(Some(Key { scope, key })))
    }
}

impl IntoParams for Once {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(JsonType::String);
        let parameter = ParameterBuilder::new()
            .name(HEADER)
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "A new UUID for each request: sent again with it, the request gets its first answer.",
            ))
            .required(Required::False)
            .schema(Some(text));
        vec![parameter.build()]
    }
}

impl IntoResponses for Once {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let response = Problem::response("The request can't be carried out as it is");
        [("422".to_owned(), response)].into()
    }
}
