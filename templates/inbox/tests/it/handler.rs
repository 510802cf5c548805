//! What events do.

{% if options.api == "worker" -%}
use anyhow::bail;
use axum::http::StatusCode;
use chassis::inbox::Handler;
use chassis::{CloudEvent, Transaction};
use serde_json::{Value, json};

{% if not clients -%}
use {= names.snake =}::handler::Events;
{% endif -%}
use {= names.snake =}::tally;

{% else -%}
use serde_json::json;

{% if not clients and options.cache == "none" -%}
use {= names.snake =}::handler::Events;

{% endif -%}
{% endif -%}
use crate::support::Service;
use crate::support::inbox::{Inbox, event};
{%- if options.api == "worker" %}

/// Counts as the sample does, and fails then.
struct Failing;

impl Handler for Failing {
    const TYPES: &'static [&'static str] = &[];

    async fn handle(
        &self,
        transaction: &mut Transaction,
        event: &CloudEvent,
    ) -> anyhow::Result<()> {
        tally::count(transaction, &event.kind).await?;
        bail!("something is wrong");
    }
}

async fn tallies(service: &Service) -> Value {
    let answer = service.call("GET", "/tallies").await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.body
}

#[tokio::test]
async fn what_a_failed_attempt_has_written_is_undone() {
    let service = Service::start().await;
    let inbox = Inbox::start(Failing, 2, &service);
    let told = event("{= subscribes.all[0].type =}", "1", &json!({}));
    service.tell(&told).await;
    assert_eq!(inbox.dead_letters().await.len(), 1);
    inbox.stop().await;
    assert_eq!(tallies(&service).await, json!([]));
}
{%- endif %}
{% for event in subscribes.all %}
#[tokio::test]
async fn {= event.function =}_is_{% if options.api == "worker" %}counted{% else %}handled{% endif %}() {
    let service = Service::start().await;
    let inbox = Inbox::start({% if clients or options.cache != "none" %}service.handlers.clone(){% else %}Events{% endif %}, 1, &service);
{%- if options.api == "worker" %}
    for id in ["1", "2"] {
        let told = event("{= event.type =}", id, &json!({}));
        service.tell(&told).await;
    }
{%- else %}
    let told = event("{= event.type =}", "1", &json!({}));
    service.tell(&told).await;
{%- endif %}
    assert!(inbox.dead_letters().await.is_empty());
    inbox.stop().await;
{%- if options.api == "worker" %}
    let expected = json!([{ "type": "{= event.type =}", "count": 2 }]);
    assert_eq!(tallies(&service).await, expected);
{%- endif %}
}
{% endfor -%}
