//! What attackers send instead of {= entity.titles =}.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

use super::{PATH, sample};
use crate::support::Service;

/// Texts that do harm where they are taken for something else: SQL, a pattern, a header, the end of
/// a string.
const HOSTILE: [&str; 6] = [
    "'; DROP TABLE \"{= entity.table =}\"; --",
    "' OR '1'='1",
    "\"; DELETE FROM \"{= entity.table =}\" WHERE \"\"=\"",
    "%_\\",
    "a\r\nset-cookie: session=stolen",
    "a\0b",
];

#[tokio::test]
async fn hostile_text_is_refused_or_kept_as_it_is() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let kept = service.call_with("POST", PATH, &body).await;
    let kept = kept.header("location");
    let fields: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
    for (field, text) in fields.iter().flat_map(|f| HOSTILE.map(|text| (f, text))) {
        let mut body = body.clone();
        body[field] = json!(text);
        let answer = service.call_with("PUT", kept, &body).await;
        if answer.status == StatusCode::OK {
            assert_eq!(answer.body[field], text, "{field}");
        } else {
            assert_eq!(answer.problem(StatusCode::BAD_REQUEST), [field.as_str()]);
        }
    }
    let read = service.call("GET", kept).await;
    assert_eq!(read.status, StatusCode::OK, "it is still there");
}

#[tokio::test]
async fn hostile_parameters_are_refused() {
    let service = Service::start().await;
    for parameter in ["cursor", "limit", "sort", "' OR '1'='1"] {
        for text in ["%27%3B%20DROP%20TABLE%20x", "%00", "%ff", "1%20OR%201"] {
            let parameter = parameter.replace(' ', "%20").replace('\'', "%27");
            let answer = service
                .call("GET", &format!("{PATH}?{parameter}={text}"))
                .await;
            answer.problem(StatusCode::BAD_REQUEST);
        }
    }
}

/// Programs differ in which of two equal keys they take. Here the value that is checked is the one
/// that is stored.
#[tokio::test]
async fn of_a_field_that_is_sent_twice_the_checked_value_is_stored() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let body = {= entity.tests.first =};
    let (field, value) = body.as_object().unwrap().iter().next().unwrap();
    let text = body.to_string();
    let (open, close) = (&text[1..], &text[..text.len() - 1]);
    let bad_first = format!("{{\"{field}\":{{\"a\":[]}},{open}");
    let bad_last = format!("{close},\"{field}\":{{\"a\":[]}}}}");
    for (text, last) in [(bad_last, json!({ "a": [] })), (bad_first, value.clone())] {
        let request = Request::post(PATH).header(header::CONTENT_TYPE, "application/json");
        let answer = service.send(request.body(Body::from(text)).unwrap()).await;
        if answer.status == StatusCode::CREATED {
            assert_eq!(answer.body[field], last);
        } else {
            answer.problem(StatusCode::BAD_REQUEST);
        }
    }
}
