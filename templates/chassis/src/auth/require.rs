//! Routes that need a token, in code and in the API document.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use utoipa::IntoResponses;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Header, OpenApi, RefOr, Response as Described};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::Auth;
use crate::{Problem, Result, docs};

const SCHEME: &str = "token";

/// The account that a request's token was made for. Handlers take it as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        // It is there on every route that `Auth::protect` has seen.
        let identity = parts.extensions.get().copied();
        identity.ok_or_else(|| unauthorized(NEEDED))
    }
}

impl Auth {
    /// From now on these routes need a token; those that are added later do not.
    pub fn protect<S>(&self, api: OpenApiRouter<S>) -> OpenApiRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let mut api = api.route_layer(from_fn_with_state(self.clone(), require));
        describe(api.get_openapi_mut());
        api
    }
}

async fn require(State(auth): State<Auth>, mut request: Request, next: Next) -> Result<Response> {
    let token = bearer(request.headers()).ok_or_else(|| unauthorized(NEEDED))?;
    // What is wrong with a token is not told: only forgers would learn from it.
    let account = auth.tokens.verify(token).ok_or_else(|| {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        unauthorized(NEEDED).header(header::WWW_AUTHENTICATE, challenge)
    })?;
    request.extensions_mut().insert(Identity(account));
    Ok(next.run(request).await)
}

const NEEDED: &str = "A valid access token is needed.";

/// 401: nobody knows who asks.
#[must_use]
pub fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED)
        .detail(detail)
        .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// [`unauthorized`] in the API document.
pub struct Unauthorized;

impl IntoResponses for Unauthorized {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let mut response = Problem::response("Nobody knows who asks");
        if let RefOr::T(response) = &mut response {
            let mut challenge = Header::default();
            challenge.description = Some("What would tell: a token".to_owned());
            let name = header::WWW_AUTHENTICATE.to_string();
            response.headers.insert(name, challenge.into());
        }
        [("401".to_owned(), response)].into()
    }
}

/// `authorization: Bearer <token>`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

fn describe(document: &mut OpenApi) {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.bearer_format = Some("JWT".to_owned());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(SCHEME, SecurityScheme::Http(scheme));
    for operation in document.paths.paths.values_mut().flat_map(docs::operations) {
        let needed = SecurityRequirement::new::<_, [&str; 0], &str>(SCHEME, []);
        operation.security = Some(vec![needed]);
        let responses = &mut operation.responses.responses;
        responses.extend(Unauthorized::responses());
    }
}
