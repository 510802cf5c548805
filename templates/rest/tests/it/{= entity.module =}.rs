//! {= entity.Titles =}, as a client sees them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Service, field_names};

const PATH: &str = "{= entity.path =}";

/// {= entity.An =} as a client sends it{% if entity.uses.unique %}; what must differ depends on `n`{% endif %}.
fn sample({% if entity.uses.unique %}n: usize{% endif %}) -> Value {
    json!({
{%- for member in entity.tests.sample %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
    })
}

#[tokio::test]
async fn a_new_{= entity.snake =}_can_be_read() {
    let service = Service::start().await;
    let created = service.call_with("POST", PATH, &sample({% if entity.uses.unique %}0{% endif %})).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    for (field, value) in sample({% if entity.uses.unique %}0{% endif %}).as_object().unwrap() {
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
    let invalid = json!({
{%- for member in entity.tests.invalid %}
        "{= member.name =}": {= member.expression =},
{%- endfor %}
        "no such field": 1,
    });
    let mut body = sample({% if entity.uses.unique %}0{% endif %});
    for (field, value) in invalid.as_object().unwrap() {
        body[field] = value.clone();
    }
    let answer = service.call_with("POST", PATH, &body).await;
    let blamed = answer.problem(StatusCode::BAD_REQUEST);
    assert_eq!(blamed, field_names(&invalid), "{}", answer.body);
}

{% if entity.tests.room > 2 -%}
#[tokio::test]
async fn lists_come_in_pages() {
    let service = Service::start().await;
    let mut ids = Vec::new();
    for {% if entity.uses.unique %}n{% else %}_{% endif %} in 0..3 {
        let created = service.call_with("POST", PATH, &sample({% if entity.uses.unique %}n{% endif %})).await;
        ids.push(created.body["id"].clone());
    }

    let first = service.call("GET", &format!("{PATH}?limit=2")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let second = service.call("GET", &first.next_page().unwrap()).await;
    assert_eq!(second.next_page(), None);

    let pages = [first.body, second.body];
    let entries = pages.iter().flat_map(|page| page.as_array().unwrap());
    let listed: Vec<Value> = entries.map(|entry| entry["id"].clone()).collect();
    assert_eq!(listed, ids);
}

{% endif -%}

{% if entity.tests.changed -%}
#[tokio::test]
async fn {= entity.an_snake =}_can_be_replaced() {
    let service = Service::start().await;
    let before = service.call_with("POST", PATH, &sample({% if entity.uses.unique %}0{% endif %})).await;
    let mut body = sample({% if entity.uses.unique %}0{% endif %});
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
{% if entity.tests.unique -%}
#[tokio::test]
async fn a_value_that_is_taken_is_a_conflict() {
    let service = Service::start().await;
    service.call_with("POST", PATH, &sample(0)).await;
    let answer = service.call_with("POST", PATH, &sample(0)).await;
    assert_eq!(answer.problem(StatusCode::CONFLICT).len(), 1);
}

{% endif -%}
#[tokio::test]
async fn a_deleted_{= entity.snake =}_is_gone() {
    let service = Service::start().await;
    let created = service.call_with("POST", PATH, &sample({% if entity.uses.unique %}0{% endif %})).await;
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
    let replaced = service.call_with("PUT", path, &sample({% if entity.uses.unique %}0{% endif %})).await;
    replaced.problem(StatusCode::NOT_FOUND);
}
