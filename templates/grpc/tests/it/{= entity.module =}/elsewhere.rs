{% if entity.checks -%}
{% set proto = entity.proto -%}
{% set tests = proto.tests -%}
//! What {= entity.titles =} refer to in other services.

use tonic::Code;

{% if entity.needed -%}
use super::{Client, create, sample, store, update};
use crate::support::{Service, blamed, proto};
{% else -%}
use super::{Client, create, sample, store, update};
use crate::support::{Service, blamed, nobody, proto};
{% endif %}
#[tokio::test]
async fn what_it_refers_to_must_be_there() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let stored = store(&mut client, &record).await;
    let missing = proto::{= proto.message =} {
{%- for line in tests.elsewhere %}
        {= line =}
{%- endfor %}
        ..{= entity.tests.second =}
    };
    let fields = {= tests.elsewhere_names =};
    let created = client.create_{= proto.field =}(create(&missing)).await;
    assert_eq!(blamed(created, Code::InvalidArgument), fields);
    let changed = proto::{= proto.message =} {
        id: stored.id,
        ..missing
    };
    let updated = client.update_{= proto.field =}(update(&changed)).await;
    assert_eq!(blamed(updated, Code::InvalidArgument), fields);
}
{%- if not entity.needed %}

#[tokio::test]
async fn nothing_is_written_while_nobody_can_be_asked() {
    let service = Service::start_among(&nobody()).await;
    let mut client = Client::new(service.router);
    let record = proto::{= proto.message =} {
{%- for line in tests.elsewhere %}
        {= line =}
{%- endfor %}
        ..{= entity.tests.first =}
    };
    let created = client.create_{= proto.field =}(create(&record)).await;
    blamed(created, Code::Unavailable);
    let list = proto::List{= proto.messages =}Request::default();
    let answer = client.{= proto.list_method =}(list).await.unwrap();
    assert!(answer.into_inner().{= proto.entries =}.is_empty());
}
{%- endif %}
{%- endif %}
