//! Routes that need a token, in code and in the API document.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use utoipa::IntoResponses;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Header, OpenApi, RefOr, Response as Described};
use utoipa_axum::router::OpenApiRouter;

use super::Auth;
use crate::tokens::Identity;
use crate::unauthorized::{identify, nobody};
use crate::{Problem, Result, docs};

const SCHEME: &str = "token";

/// Handlers take it as an argument.
impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        // It is there on every route that `Auth::protect` has seen.
        let identity = parts.extensions.get().copied();
        identity.ok_or_else(nobody)
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
    let identity = identify(&auth.tokens, request.headers())?;
    request.extensions_mut().insert(identity);
    Ok(next.run(request).await)
}

/// 401 in the API document.
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
