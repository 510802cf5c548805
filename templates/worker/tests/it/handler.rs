//! What events do.

use serde_json::json;

use crate::support::{Service, event};
{% for event in subscribes.all %}
#[tokio::test]
async fn {= event.function =}_is_counted() {
    let service = Service::start().await;
    service.tell(&event("{= event.type =}", "1")).await;
    service.tell(&event("{= event.type =}", "2")).await;
    let expected = json!([{ "type": "{= event.type =}", "count": 2 }]);
    service.counts(&expected).await;
    service.stop().await;
}
{% endfor -%}
