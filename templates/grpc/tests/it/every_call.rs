{% set first = entities[0].proto -%}
//! What holds for every call: it has an id, its message a size, and the service tells about
//! itself.

use std::time::Duration;

use axum::Router;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::support::proto::{= first.service_module =}_client::{= first.service =}Client;
use crate::support::{Service, blamed, proto};

type Client = {= first.service =}Client<Router>;
type List = proto::List{= first.messages =}Request;

const SERVICE: &str = "{= first.package =}.{= first.service =}";

#[tokio::test]
async fn calls_keep_their_id_or_get_one() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let answer = client.{= first.list_method =}(List::default()).await;
    let metadata = answer.unwrap().metadata().clone();
    assert_eq!(metadata.get("x-request-id").unwrap().len(), 36);

    let mut request = Request::new(List::default());
    let id = "abc-1".parse().unwrap();
    request.metadata_mut().insert("x-request-id", id);
    let answer = client.{= first.list_method =}(request).await;
    let metadata = answer.unwrap().metadata().clone();
    assert_eq!(metadata.get("x-request-id").unwrap(), "abc-1");
}

#[tokio::test]
async fn messages_have_a_sane_size() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let list = List {
        page_token: "x".repeat(2_000_000),
        ..Default::default()
    };
    let answer = client.{= first.list_method =}(list).await;
    blamed(answer, Code::OutOfRange);
}

#[tokio::test]
async fn what_lists_do_not_know_is_refused() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let list = List {
        page_size: -1,
        page_token: "nowhere".to_owned(),
{%- if entities[0].list and entities[0].list.sorts %}
        order_by: "nothing".to_owned(),
{%- endif %}
{%- if entities[0].list and entities[0].list.filters %}
        ..Default::default()
{%- endif %}
    };
    let answer = client.{= first.list_method =}(list).await;
    let blamed = blamed(answer, Code::InvalidArgument);
    assert_eq!(blamed, [{% if entities[0].list and entities[0].list.sorts %}"order_by", {% endif %}"page_size", "page_token"]);
}
{%- if not entities[0].id.integer %}

#[tokio::test]
async fn what_is_no_id_is_refused() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let id = "not-an-id".to_owned();
    let get = proto::Get{= first.message =}Request { id };
    let answer = client.get_{= first.field =}(get).await;
    assert_eq!(blamed(answer, Code::InvalidArgument), ["id"]);
}
{%- endif %}

#[tokio::test]
async fn the_service_tells_that_it_is_well() {
    let service = Service::start().await;
    let mut client = HealthClient::new(service.router);
    // Whether it is ready is looked at in the background.
    tokio::time::sleep(Duration::from_millis(100)).await;
    for name in ["", SERVICE] {
        let service = name.to_owned();
        let answer = client.check(HealthCheckRequest { service }).await;
        assert_eq!(answer.unwrap().get_ref().status(), ServingStatus::Serving);
    }
}
