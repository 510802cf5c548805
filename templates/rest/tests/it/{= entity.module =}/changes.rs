//! Changes of {= entity.titles =} that must not get into each other's way.

use axum::http::StatusCode;
{% if entity.references -%}
use serde_json::json;
{% endif %}
use super::{PATH, sample};
{% if entity.references -%}
use crate::support::{Service, field_names};
{% else -%}
use crate::support::Service;
{% endif %}
#[tokio::test]
async fn a_change_that_a_client_has_not_seen_is_not_undone() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let (path, seen) = (created.header("location"), created.header("etag"));

    // Of two that have seen the same, one comes first.
    let (one, other) = tokio::join!(
        service.call_if("PUT", path, ("if-match", seen), &body),
        service.call_if("PUT", path, ("if-match", seen), &body),
    );
    let (first, late) = match one.status {
        StatusCode::OK => (one, other),
        _ => (other, one),
    };
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_ne!(first.header("etag"), seen);
    late.problem(StatusCode::PRECONDITION_FAILED);

    let answer = service
        .call_if("DELETE", path, ("if-match", seen), &body)
        .await;
    answer.problem(StatusCode::PRECONDITION_FAILED);
    let answer = service
        .call_if("DELETE", path, ("if-match", "*"), &body)
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let answer = service
        .call_if("PUT", path, ("if-match", seen), &body)
        .await;
    answer.problem(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let (path, known) = (created.header("location"), created.header("etag"));
    assert_eq!(service.call("GET", path).await.header("etag"), known);

    let known = ("if-none-match", known);
    let answer = service.call_if("GET", path, known, &body).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert_eq!(answer.header("etag"), known.1);
    assert!(answer.body.is_null(), "{}", answer.body);

    service.call_with("PUT", path, &body).await;
    let answer = service.call_if("GET", path, known, &body).await;
    assert_eq!(answer.status, StatusCode::OK);
}
{%- if entity.tests.unique %}

#[tokio::test]
async fn a_value_that_is_taken_is_a_conflict() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    service.call_with("POST", PATH, &body).await;
    let answer = service.call_with("POST", PATH, &body).await;
    assert_eq!(answer.problem(StatusCode::CONFLICT).len(), 1);
}
{%- endif %}
{%- for reference in entity.references %}
{%- if loop.first %}

#[tokio::test]
async fn what_it_refers_to_must_exist() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let missing = json!({
{%- for reference in entity.references %}
        "{= reference.name =}": {= reference.missing =},
{%- endfor %}
    });
    let mut body = {= entity.tests.second =};
    for (field, id) in missing.as_object().unwrap() {
        body[field] = id.clone();
    }
    for (method, path) in [("POST", PATH), ("PUT", created.header("location"))] {
        let answer = service.call_with(method, path, &body).await;
        let blamed = answer.problem(StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(blamed, field_names(&missing), "{}", answer.body);
    }
}
{%- endif %}

#[tokio::test]
async fn what_its_{= reference.name =}_refers_to_is_not_deleted() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
{%- if reference.needed %}
    let target = &{= reference.variable =};
    let body = {= entity.tests.first =};
{%- else %}
    let target = crate::{= reference.module =}::stored(&service).await;
    let mut body = {= entity.tests.second =};
    body["{= reference.name =}"] = target.body["id"].clone();
{%- endif %}
    let created = service.call_with("POST", PATH, &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let answer = service.call("DELETE", target.header("location")).await;
    answer.problem(StatusCode::CONFLICT);
}
{%- endfor %}
