{% if entity.checks -%}
//! What {= entity.titles =} refer to in other services.

use axum::http::StatusCode;
use serde_json::json;

use super::{PATH, sample};
use crate::support::{Service, {% if options.auth == "jwt" and not entity.needed %}auth, {% endif %}field_names{% if not entity.needed %}, nobody{% endif %}};

#[tokio::test]
async fn what_it_refers_to_must_be_there() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let missing = json!({
{%- for check in entity.checks %}
        "{= check.name =}": {= check.missing =},
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
{%- if not entity.needed %}

#[tokio::test]
async fn nothing_is_written_while_nobody_can_be_asked() {
    let service = Service::start_among({% if options.auth == "jwt" %}auth(), {% endif %}&nobody()).await;
    let mut body = {= entity.tests.first =};
{%- for check in entity.checks %}
    body["{= check.name =}"] = json!({= check.missing =});
{%- endfor %}
    let answer = service.call_with("POST", PATH, &body).await;
    answer.problem(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(service.call("GET", PATH).await.body, json!([]));
}
{%- endif %}
{%- endif %}
