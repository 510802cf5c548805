{% if entity.tests.room > 2 -%}
{% set lists = entity.tests.lists -%}
//! Lists of {= entity.titles =}: pages{% if lists.filters %}, filters{% endif %}{% if entity.list and entity.list.sorts %}, sorting{% endif %}.

use axum::http::StatusCode;
{% if lists.filters or lists.sorts -%}
use serde_json::{Value, json};
{% else -%}
use serde_json::Value;
{% endif %}
use super::{PATH, sample};
use crate::support::Service;

#[tokio::test]
async fn lists_come_in_pages() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut ids = Vec::new();
    for {% if entity.tests.varies %}n{% else %}_{% endif %} in 0..3 {
        let body = {= entity.tests.nth =};
        let created = service.call_with("POST", PATH, &body).await;
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
{%- if lists.filters %}

#[tokio::test]
async fn lists_can_be_filtered() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let kept = service.call_with("POST", PATH, &body).await;
    let {% if lists.changed %}mut {% endif %}other = {= entity.tests.second =};
{%- for filter in lists.filters %}
{%- if not filter.unique %}
    other["{= filter.name =}"] = json!({= filter.other =});
{%- endif %}
{%- endfor %}
    let other = service.call_with("POST", PATH, &other).await;
    assert_eq!(other.status, StatusCode::CREATED, "{}", other.body);

    let filters = json!({
{%- for filter in lists.filters %}
        "{= filter.name =}": "{= filter.kept =}",
{%- endfor %}
    });
    for (name, value) in filters.as_object().unwrap() {
        let path = format!("{PATH}?limit=1&{name}={}", value.as_str().unwrap());
        let answer = service.call("GET", &path).await;
        assert_eq!(answer.body, json!([kept.body]), "{path}");
        assert_eq!(answer.next_page(), None);
    }
}
{%- endif %}
{%- if entity.list and entity.list.sorts %}
{%- if lists.sorts %}

#[tokio::test]
async fn lists_can_be_sorted() {
    let smallest_first = json!({
{%- for sort in lists.sorts %}
        "{= sort.name =}": [{= sort.values =}],
{%- endfor %}
    });
    for (field, values) in smallest_first.as_object().unwrap() {
        let service = Service::start().await;
{%- for reference in entity.needed %}
        let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
        let values = values.as_array().unwrap();
{%- if entity.tests.varies %}
        for (n, value) in values.iter().rev().enumerate() {
{%- else %}
        for value in values.iter().rev() {
{%- endif %}
            let mut body = {= entity.tests.nth =};
            body[field] = value.clone();
            let created = service.call_with("POST", PATH, &body).await;
            assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
        }

        let path = format!("{PATH}?limit=1&sort={field}");
        assert_eq!(listed(&service, path, field).await, *values);
        let path = format!("{PATH}?limit=1&sort=-{field}");
        let turned: Vec<Value> = values.iter().rev().cloned().collect();
        assert_eq!(listed(&service, path, field).await, turned);
    }
}
{%- endif %}

#[tokio::test]
async fn a_cursor_holds_for_one_order_only() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut ids = Vec::new();
    for {% if entity.tests.varies %}n{% else %}_{% endif %} in 0..2 {
        let body = {= entity.tests.nth =};
        let created = service.call_with("POST", PATH, &body).await;
        ids.insert(0, created.body["id"].clone());
    }

    let newest_first = format!("{PATH}?limit=1&sort=-created_at");
    let page = service.call("GET", &newest_first).await;
    assert_eq!(listed(&service, newest_first, "id").await, ids);
    let next = page.next_page().unwrap();
    let turned = next.replace("sort=-created_at", "sort=created_at");
    let answer = service.call("GET", &turned).await;
    assert_eq!(answer.problem(StatusCode::BAD_REQUEST), ["cursor"]);
}

/// What the entries of all pages hold in a field.
async fn listed(service: &Service, first: String, field: &str) -> Vec<Value> {
    let (mut values, mut next) = (Vec::new(), Some(first));
    while let Some(path) = next {
        let page = service.call("GET", &path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let entries = page.body.as_array().unwrap().iter();
        values.extend(entries.map(|entry| entry[field].clone()));
        next = page.next_page();
    }
    values
}
{%- endif %}
{% endif -%}
