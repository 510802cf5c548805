{% if entity.events.created -%}
//! What others are told of {= entity.titles =}.

use axum::http::StatusCode;
use chassis::execute;
use serde_json::json;
use sqlx::query;

use super::{PATH, sample};
use crate::support::Service;
use crate::support::subscriber::Subscriber;

#[tokio::test]
async fn changes_are_told() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;

    let mut subscriber = Subscriber::start(&service.database).await;
    let mut event = subscriber.next().await;
    while event["type"] != "{= entity.name =}.created" {
        event = subscriber.next().await;
    }
    assert_eq!(event["specversion"], "1.0");
    assert_eq!(event["source"], "/here");
    for (member, value) in event["data"].as_object().unwrap() {
        assert_eq!(value, &created.body[member], "{member}");
    }
{%- if entity.events.updated %}

    let path = created.header("location");
    service.call_with("PUT", path, &body).await;
    let event = subscriber.next().await;
    assert_eq!(event["type"], "{= entity.name =}.updated");
{%- endif %}
    subscriber.stop().await;
}

#[tokio::test]
async fn nothing_is_changed_without_its_event() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut transaction = service.database.begin().await.unwrap();
    execute!(transaction, query(r#"DROP TABLE "outbox""#)).unwrap();
    transaction.commit().await.unwrap();

    let body = {= entity.tests.first =};
    let answer = service.call_with("POST", PATH, &body).await;
    answer.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(service.call("GET", PATH).await.body, json!([]));
}
{% endif -%}
