//! What holds for every route: errors are problems, requests have ids, the committed API document
//! is the true one.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

use crate::support::{% if options.auth == "jwt" or options.cache != "none" or clients %}{Service{% if options.auth == "jwt" %}, auth{% endif %}{% if options.cache != "none" %}, cache{% endif %}{% if clients %}, clients, nobody{% endif %}}{% else %}Service{% endif %};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

/// The API document as the code has it.
fn document() -> String {
    let api = {= names.snake =}::api({% if options.auth == "jwt" %}&auth(){% endif %}{% if options.auth == "jwt" and options.cache != "none" %}, {% endif %}{% if options.cache != "none" %}&cache(){% endif %}{% if clients %}{% if options.auth == "jwt" or options.cache != "none" %}, {% endif %}&clients(&nobody()){% endif %});
    chassis::docs::to_json(api.into_openapi())
}

/// A route that takes a body, and the type of that: the last of the document. What holds for every
/// route is tried there.
fn route() -> (String, String) {
    let document: Value = serde_json::from_str(&document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let route = paths.rev().find_map(|(path, item)| {
        let body = item["post"]["requestBody"]["content"].as_object();
        let kind = body.filter(|_| !path.contains('{'))?.keys().next()?;
        Some((path.clone(), kind.clone()))
    });
    route.expect("a route that takes a body")
}

#[test]
fn openapi_json_is_up_to_date() {
    let current = document();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(FILE, &current).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == current,
        "openapi.json differs from the code; `just openapi` writes it anew"
    );
}

#[tokio::test]
async fn errors_of_the_framework_are_problems() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    service
        .call("GET", "/no/such/route")
        .await
        .problem(StatusCode::NOT_FOUND);

    let answer = service.call("PATCH", &route().0).await;
    answer.problem(StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.header("allow").contains("POST"));
{%- if entities | length > 0 %}

    let item = "{= entities[0].item_prefix =}/not-an-id";
    let answer = service.call("GET", item).await;
    assert_eq!(answer.problem(StatusCode::BAD_REQUEST), ["id"]);

    let list = "{= entities[0].path =}?limit=0&cursor=nowhere&no=such";
    let answer = service.call("GET", list).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["cursor", "limit", "no"]);
{%- endif %}
}

#[tokio::test]
async fn bodies_must_be_json_of_a_sane_size() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    let (path, json) = route();
    let post = |content_type: &str, body: String| {
        let request = Request::post(&path).header(header::CONTENT_TYPE, content_type);
        service.send(request.body(Body::from(body)).unwrap())
    };
    post("text/plain", "{}".to_owned())
        .await
        .problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    post(&json, "{".to_owned())
        .await
        .problem(StatusCode::BAD_REQUEST);
    post(&json, "[".repeat(100_000))
        .await
        .problem(StatusCode::BAD_REQUEST);
    post(&json, " ".repeat(2_000_000))
        .await
        .problem(StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn requests_keep_their_id_or_get_one() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    let (path, _) = route();
    let answer = service.call("GET", &path).await;
    assert_eq!(answer.header("x-request-id").len(), 36);
    let request = Request::get(&path).header("x-request-id", "abc-1");
    let answer = service.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("x-request-id"), "abc-1");
}

#[tokio::test]
async fn the_api_documents_itself() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    let document = service.call("GET", "/openapi.json").await;
    assert!(document.body["paths"][route().0].is_object());
    let page = service.call("GET", "/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
}
