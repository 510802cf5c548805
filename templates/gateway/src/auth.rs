{% if options.auth == "jwt" -%}
//! Who asks: tokens are verified here, once, and the services are told whose they are.
//!
//! A service may believe [`IDENTITY`] as long as nothing but the gateway reaches it. One that would
//! rather see for itself verifies the token, which goes on with the request.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use chassis::tokens::{Identity, Tokens};
use chassis::{Result, unauthorized};

/// The account that asks, for services. It is the gateway's to say.
pub const IDENTITY: HeaderName = HeaderName::from_static("x-identity");

/// What clients must not say: the same, also as some programs would read it.
const CLAIMS: [&str; 2] = ["x-identity", "x_identity"];

/// Lets a request through that has a valid token.
pub async fn require(
    State(tokens): State<Arc<Tokens>>,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let identity = unauthorized::identify(&tokens, request.headers())?;
    request.extensions_mut().insert(identity);
    Ok(next.run(request).await)
}

/// Tells the service who asks, if that is known, and nothing else.
pub fn tell(head: &mut Parts) {
    for name in CLAIMS {
        head.headers.remove(name);
    }
    let identity: Option<Identity> = head.extensions.remove();
    let account = identity.and_then(|Identity(id)| HeaderValue::from_str(&id.to_string()).ok());
    if let Some(account) = account {
        head.headers.insert(IDENTITY, account);
    }
}
{% endif -%}
