//! What holds for every route: errors are problems, requests have ids, the committed API document
//! is the true one.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::PATH;
use crate::support::{% if options.auth == "jwt" or options.cache != "none" or clients %}{Service{% if options.auth == "jwt" %}, auth{% endif %}{% if options.cache != "none" %}, cache{% endif %}{% if clients %}, clients, nobody{% endif %}}{% else %}Service{% endif %};

{% if options.inbox and entities | length == 0 and options.auth != "jwt" -%}
/// Events are JSON, too.
const JSON: &str = "application/cloudevents+json";
{% else -%}
const JSON: &str = "application/json";
{% endif -%}
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn openapi_json_is_up_to_date() {
    let api = {= names.snake =}::api({% if options.auth == "jwt" %}&auth(){% endif %}{% if options.auth == "jwt" and options.cache != "none" %}, {% endif %}{% if options.cache != "none" %}&cache(){% endif %}{% if clients %}{% if options.auth == "jwt" or options.cache != "none" %}, {% endif %}&clients(&nobody()){% endif %});
    let document = api.into_openapi();
    let current = chassis::docs::to_json(document);
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

    let answer = service.call("PATCH", PATH).await;
    answer.problem(StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.header("allow").contains("POST"));
{%- if entities | length > 0 %}

    let item = format!("{}/not-an-id", PATH.trim_end_matches('/'));
    let answer = service.call("GET", &item).await;
    assert_eq!(answer.problem(StatusCode::BAD_REQUEST), ["id"]);

    let list = format!("{PATH}?limit=0&cursor=nowhere&no=such");
    let answer = service.call("GET", &list).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, ["cursor", "limit", "no"]);
{%- endif %}
}

#[tokio::test]
async fn bodies_must_be_json_of_a_sane_size() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    let post = |content_type: &str, body: String| {
        let request = Request::builder()
            .method("POST")
            .uri(PATH)
            .header(header::CONTENT_TYPE, content_type);
        service.send(request.body(Body::from(body)).unwrap())
    };
    post("text/plain", "{}".to_owned())
        .await
        .problem(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    post(JSON, "{".to_owned())
        .await
        .problem(StatusCode::BAD_REQUEST);
    post(JSON, "[".repeat(100_000))
        .await
        .problem(StatusCode::BAD_REQUEST);
    post(JSON, " ".repeat(2_000_000))
        .await
        .problem(StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn requests_keep_their_id_or_get_one() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    assert_eq!(
        service.call("GET", PATH).await.header("x-request-id").len(),
        36
    );
    let request = Request::builder().uri(PATH).header("x-request-id", "abc-1");
    let answer = service.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("x-request-id"), "abc-1");
}

#[tokio::test]
async fn the_api_documents_itself() {
    let service = Service::start(){% if options.store == "sql" %}.await{% endif %};
    let document = service.call("GET", "/openapi.json").await;
    assert!(document.body["paths"][PATH].is_object());
    let page = service.call("GET", "/docs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
}
