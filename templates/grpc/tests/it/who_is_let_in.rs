{% set first = entities[0].proto -%}
//! Who is let in.

use std::time::Duration;

use axum::Router;
use chassis::tokens::{Settings, Tokens};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use uuid::Uuid;

use crate::support::proto::{= first.service_module =}_client::{= first.service =}Client;
use crate::support::{Service, blamed, proto};

type Client = {= first.service =}Client<Router>;
type List = proto::List{= first.messages =}Request;

const MINUTE: Duration = Duration::from_mins(1);

fn list_as(authorization: &[&str]) -> Request<List> {
    let mut request = Request::new(List::default());
    for value in authorization {
        let value = value.parse().unwrap();
        request.metadata_mut().append("authorization", value);
    }
    request
}

#[tokio::test]
async fn who_has_a_token_is_let_in() {
    let service = Service::start().await;
    let mut client = Client::new(service.bare);
    let token = service.tokens.issue(Uuid::new_v4(), MINUTE).unwrap();
    for scheme in ["Bearer", "bearer"] {
        let request = list_as(&[&format!("{scheme} {token}")]);
        let answer = client.{= first.list_method =}(request).await;
        assert!(answer.is_ok(), "{answer:?}");
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_a_valid_token() {
    let service = Service::start().await;
    let mut client = Client::new(service.bare);
    let token = service.tokens.issue(Uuid::new_v4(), MINUTE).unwrap();
    let foreign = Tokens::new(&Settings::ephemeral("users").unwrap());
    let foreign = foreign.issue(Uuid::new_v4(), MINUTE).unwrap();
    let good = format!("Bearer {token}");
    for authorization in [
        &[][..],
        &[""],
        &[&token],
        &[&format!("Basic {token}")],
        &[&format!("{good}x")],
        &[&format!("Bearer {foreign}")],
        &[&good, &good],
    ] {
        let answer = client.{= first.list_method =}(list_as(authorization)).await;
        blamed(answer, Code::Unauthenticated);
    }
}

#[tokio::test]
async fn whether_it_is_well_is_told_to_anybody() {
    let service = Service::start().await;
    let mut client = HealthClient::new(service.bare);
    let answer = client.check(HealthCheckRequest::default()).await;
    assert!(answer.is_ok(), "{answer:?}");
}
