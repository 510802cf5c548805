//! Requests that come again, since their client heard nothing of the first.

use axum::http::StatusCode;
use serde_json::json;

use super::{PATH, sample};
use crate::support::Service;

const KEY: (&str, &str) = ("idempotency-key", "0195a1b2-c3d4-7e5f-8a6b-00000000000f");

#[tokio::test]
async fn what_comes_again_takes_effect_once() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let (one, other) = tokio::join!(
        service.call_if("POST", PATH, KEY, &body),
        service.call_if("POST", PATH, KEY, &body),
    );
    assert_eq!(one.status, StatusCode::CREATED, "{}", one.body);
    assert_eq!(other.body, one.body);
    for name in ["content-type", "etag", "location"] {
        assert_eq!(other.header(name), one.header(name), "{name}");
    }
    let all = service.call("GET", PATH).await;
    assert_eq!(all.body, json!([one.body]));

    // Also when what it made is gone.
    service.call("DELETE", one.header("location")).await;
    let again = service.call_if("POST", PATH, KEY, &body).await;
    assert_eq!((again.status, again.body), (one.status, one.body));
    assert_eq!(service.call("GET", PATH).await.body, json!([]));
}

#[tokio::test]
async fn a_key_is_good_for_one_request() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut body = {= entity.tests.first =};
    service.call_if("POST", PATH, KEY, &body).await;
    body["{= entity.tests.changed.name =}"] = json!({= entity.tests.changed.expression =});
    let other = service.call_if("POST", PATH, KEY, &body).await;
    let blamed = other.problem(StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(blamed, ["idempotency-key"]);

    let long = "x".repeat(256);
    for key in ["", long.as_str()] {
        let answer = service.call_if("POST", PATH, (KEY.0, key), &body).await;
        assert_eq!(answer.problem(StatusCode::BAD_REQUEST), ["idempotency-key"]);
    }
}
