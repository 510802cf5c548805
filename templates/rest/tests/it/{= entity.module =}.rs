//! {= entity.Titles =}, as a client sees them.

use axum::http::StatusCode;
use serde_json::{Value, json};

{% if entity.needs_answer -%}
use crate::support::{Answer, Service, field_names};
{% else -%}
use crate::support::{Service, field_names};
{% endif %}
mod again;
mod attacks;
{% if options.cache != "none" -%}
mod cached;
{% endif -%}
mod changes;
{% if entity.checks -%}
mod elsewhere;
{% endif -%}
{% if entity.events.created -%}
mod events;
{% endif -%}
{% if entity.tests.room > 2 -%}
mod lists;
{% endif %}
const PATH: &str = "{= entity.path =}";

/// {= entity.An =} as a client sends it{% if entity.tests.varies %}; what must differ depends on `n`{% endif %}.
fn sample({= entity.tests.parameters =}) -> Value {
    json!({
{%- for member in entity.tests.sample %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
    })
}
{%- if entity.is_target %}

/// Stores {= entity.an =} that others can refer to.
pub async fn stored(service: &Service) -> Answer {
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(service).await;
{%- endfor %}
{%- if entity.tests.varies %}
    let mut n = 0;
    loop {
        let body = {= entity.tests.nth =};
        let stored = service.call_with("POST", PATH, &body).await;
        if stored.status == StatusCode::CREATED {
            return stored;
        }
        // What must differ is taken already.
        stored.problem(StatusCode::CONFLICT);
        n += 1;
    }
}
{%- else %}
    let body = {= entity.tests.first =};
    let stored = service.call_with("POST", PATH, &body).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.body);
    stored
}
{%- endif %}
{%- endif %}

#[tokio::test]
async fn a_new_{= entity.snake =}_can_be_read() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&created.body[field], value, "{field}");
    }

    let read = service.call("GET", created.header("location")).await;
    assert_eq!(read.status, StatusCode::OK);
    assert_eq!(read.body, created.body);
}

{% if entity.tests.defaults -%}
#[tokio::test]
async fn what_is_left_out_takes_its_default() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
{%- if entity.tests.required %}
    let body = json!({
{%- for member in entity.tests.required %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
    });
{%- else %}
    let body = json!({});
{%- endif %}
    let defaults = json!({
{%- for member in entity.tests.defaults %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
    });
    let created = service.call_with("POST", PATH, &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    for (field, value) in defaults.as_object().unwrap() {
        assert_eq!(&created.body[field], value, "{field}");
    }
}

{% endif -%}

{% if entity.tests.required -%}
#[tokio::test]
async fn every_missing_field_is_named() {
    let service = Service::start().await;
    let required = json!({
{%- for member in entity.tests.required %}
        "{= member.name =}": null,
{%- endfor %}
    });
    let answer = service.call_with("POST", PATH, &json!({})).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, field_names(&required), "{}", answer.body);
}

{% endif -%}
#[tokio::test]
async fn every_invalid_field_is_named() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let invalid = json!({
{%- for member in entity.tests.invalid %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
        "no such field": 1,
    });
    let mut body = {= entity.tests.first =};
    for (field, value) in invalid.as_object().unwrap() {
        body[field] = value.clone();
    }
    let answer = service.call_with("POST", PATH, &body).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, field_names(&invalid), "{}", answer.body);
}

{% if entity.tests.changed -%}
#[tokio::test]
async fn {= entity.an_snake =}_can_be_replaced() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut body = {= entity.tests.first =};
    let before = service.call_with("POST", PATH, &body).await;
    body["{= entity.tests.changed.name =}"] = json!({= entity.tests.changed.expression =});
    let after = service
        .call_with("PUT", before.header("location"), &body)
        .await;
    assert_eq!(after.status, StatusCode::OK, "{}", after.body);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&after.body[field], value, "{field}");
    }
    assert_eq!(after.body["created_at"], before.body["created_at"]);
    assert!(after.body["updated_at"].as_str() > before.body["updated_at"].as_str());
}

{% endif -%}
#[tokio::test]
async fn a_deleted_{= entity.snake =}_is_gone() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let path = created.header("location");
    assert_eq!(
        service.call("DELETE", path).await.status,
        StatusCode::NO_CONTENT
    );

    service
        .call("GET", path)
        .await
        .problem(StatusCode::NOT_FOUND);
    service
        .call("DELETE", path)
        .await
        .problem(StatusCode::NOT_FOUND);
    let replaced = service.call_with("PUT", path, &body).await;
    replaced.problem(StatusCode::NOT_FOUND);
}
