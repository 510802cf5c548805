//! Extractors that answer with problems: a JSON body that keeps its schema, and the id in a path.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::problem::{FieldError, Problem};
use crate::schema::Rules;

/// A JSON body that was checked against the schema of `T`, the one that `/openapi.json` shows.
///
/// All fields are checked before anything is refused, so that a client learns of all its mistakes
/// at once.
pub struct ValidJson<T>(pub T);

impl<S, T> FromRequest<S> for ValidJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + ToSchema + 'static,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE)
                .detail("Send the body as `content-type: application/json`."));
        }
        // Too large a body, or one that breaks off, ends here.
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| Problem::new(rejection.into_response().status()))?;
        parse(&body).map(Self)
    }
}

fn parse<T: DeserializeOwned + ToSchema + 'static>(body: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST).detail(format!("The body is not JSON: {error}."))
    })?;
    let errors = Rules::of::<T>().check(&value);
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    // What the schema allows and the type still refuses is rare; the type has the last word.
    serde_json::from_value(value)
        .map_err(|error| Problem::invalid(vec![FieldError::new("", error.to_string())]))
}

/// `application/json` and `application/anything+json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The `{id}` of a path. One that cannot be an id is the client's mistake: 400, not 404.
pub struct Id<T>(pub T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::invalid(vec![FieldError::new(
                "id",
                "is not an id",
            )])),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header};

    use super::is_json;

    #[test]
    fn knows_json_by_its_content_type() {
        let is_json_type = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers)
        };
        assert!(is_json_type("application/json"));
        assert!(is_json_type("Application/JSON; charset=utf-8"));
        assert!(is_json_type("application/merge-patch+json"));
        assert!(!is_json_type("text/plain"));
        assert!(!is_json(&HeaderMap::new()));
    }
}
