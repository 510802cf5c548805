{% if entity.events.created -%}
//! What others are told of {= entity.titles =}.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
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

    let mut subscriber = Subscriber::start(&service.database, "").await;
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
async fn a_receiver_that_is_away_holds_up_no_other() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);

    // Nobody listens there.
    let away = "http://127.0.0.1:9/events,";
    let mut subscriber = Subscriber::start(&service.database, away).await;
    let mut event = subscriber.next().await;
    while event["type"] != "{= entity.name =}.created" {
        event = subscriber.next().await;
    }
    subscriber.stop().await;
}

#[tokio::test]
async fn events_are_part_of_the_trace_that_they_come_from() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = Request::post(PATH)
        .header(header::CONTENT_TYPE, "application/json")
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"));
    let request = request.body(Body::from(body.to_string())).unwrap();
    let created = service.send(request).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);

    let mut subscriber = Subscriber::start(&service.database, "").await;
    let mut event = subscriber.next().await;
    while event["type"] != "{= entity.name =}.created" {
        event = subscriber.next().await;
    }
    let traceparent = event["traceparent"].as_str().unwrap();
    assert!(traceparent.starts_with(&format!("00-{trace}-")), "{event}");
    subscriber.stop().await;
}

#[tokio::test]
async fn nothing_is_changed_without_its_event() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut transaction = service.database.begin().await.unwrap();
    let rename = r#"ALTER TABLE "outbox" RENAME TO "gone""#;
    execute!(transaction, query(rename)).unwrap();
    transaction.commit().await.unwrap();

    let body = {= entity.tests.first =};
    let answer = service.call_with("POST", PATH, &body).await;
    answer.problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(service.call("GET", PATH).await.body, json!([]));
}
{% endif -%}
