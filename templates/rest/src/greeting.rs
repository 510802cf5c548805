//! Greetings: an example of a route, for yours to take its place.

use axum::Json;
use chassis::ValidJson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Who is to be greeted.
//
// The rules in `schema` are shown in the OpenAPI document, and every request is held to them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GreetingInput {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
}

/// A greeting.
#[derive(Serialize, ToSchema)]
pub struct Greeting {
    pub text: String,
}

/// The routes of greetings.
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(greet))
}

#[utoipa::path(
    post,
    path = "/greetings",
    tag = "greetings",
    summary = "Greet somebody",
    request_body = GreetingInput,
    responses((status = 200, description = "The greeting", body = Greeting)),
)]
async fn greet(ValidJson(input): ValidJson<GreetingInput>) -> Json<Greeting> {
    let text = format!("Hello, {}!", input.name);
    Json(Greeting { text })
}
