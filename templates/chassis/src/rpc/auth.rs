//! Methods that need a token, in the metadata of a call: `authorization: Bearer <token>`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tonic::Status;
use tonic::service::Routes;

use super::Api;
use crate::tokens::{Identity, Tokens, bearer};

impl Api {
    /// From now on the services that were added need a token; those that are added later do not.
    /// Methods find the account that asks among the request's extensions, as [`Identity`].
    #[must_use]
    pub fn protect(mut self, tokens: &Arc<Tokens>) -> Self {
        let layer = from_fn_with_state(Arc::clone(tokens), require);
        let routes = self.routes.into_axum_router().route_layer(layer);
        self.routes = Routes::from(routes);
        self
    }
}

async fn require(State(tokens): State<Arc<Tokens>>, mut request: Request, next: Next) -> Response {
    // What is wrong with a token is not told: only forgers would learn from it.
    let account = bearer(request.headers()).and_then(|token| tokens.verify(token));
    let Some(account) = account else {
        return Status::unauthenticated("A valid access token is needed.").into_http();
    };
    request.extensions_mut().insert(Identity(account));
    next.run(request).await
}
