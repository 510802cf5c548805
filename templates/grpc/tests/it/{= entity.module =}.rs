{% set proto = entity.proto -%}
{% set tests = proto.tests -%}
//! {= entity.Titles =}, as a client sees them.

use axum::Router;
{%- if tests.uses.json %}
use chassis::json::to_message;
use serde_json::json;
{%- endif %}
use tonic::Code;

use crate::support::proto::{= proto.service_module =}_client::{= proto.service =}Client;
{% if tests.moments -%}
use crate::support::{Service, blamed, moment, proto};
{% else -%}
use crate::support::{Service, blamed, proto};
{% endif %}
{% if options.cache != "none" -%}
mod cached;
{% endif -%}
mod changes;
{% if entity.checks -%}
mod elsewhere;
{% endif -%}
{% if entity.tests.room > 2 -%}
mod lists;
{% endif %}
type Client = {= proto.service =}Client<Router>;

/// {= entity.An =} as a client sends it{% if entity.tests.varies %}; what must differ depends on `n`{% endif %}.
fn sample({= tests.parameters =}) -> proto::{= proto.message =} {
{%- for line in tests.values %}
    {= line =}
{%- endfor %}
    proto::{= proto.message =} {
{%- for line in tests.sample %}
        {= line =}
{%- endfor %}
        ..Default::default()
    }
}

fn create(record: &proto::{= proto.message =}) -> proto::Create{= proto.message =}Request {
    proto::Create{= proto.message =}Request {
        {= proto.field =}: Some(record.clone()),
    }
}

fn update(record: &proto::{= proto.message =}) -> proto::Update{= proto.message =}Request {
    proto::Update{= proto.message =}Request {
        {= proto.field =}: Some(record.clone()),
        update_mask: None,
    }
}

fn get(record: &proto::{= proto.message =}) -> proto::Get{= proto.message =}Request {
    let id = record.id{% if not entity.id.integer %}.clone(){% endif %};
    proto::Get{= proto.message =}Request { id }
}

fn delete(record: &proto::{= proto.message =}) -> proto::Delete{= proto.message =}Request {
    proto::Delete{= proto.message =}Request {
        id: record.id{% if not entity.id.integer %}.clone(){% endif %},
        etag: record.etag.clone(),
    }
}

async fn store(client: &mut Client, record: &proto::{= proto.message =}) -> proto::{= proto.message =} {
    let created = client.create_{= proto.field =}(create(record)).await;
    created.unwrap().into_inner()
}
{%- if entity.is_target %}

/// Stores {= entity.an =} that others can refer to.
pub async fn stored(service: &Service) -> proto::{= proto.message =} {
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(service).await;
{%- endfor %}
    let mut client = Client::new(service.router.clone());
{%- if entity.tests.varies %}
    let mut n = 0;
    loop {
        let record = {= entity.tests.nth =};
        let created = client.create_{= proto.field =}(create(&record)).await;
        if let Ok(created) = created {
            return created.into_inner();
        }
        // What must differ is taken already.
        blamed(created, Code::AlreadyExists);
        n += 1;
    }
}
{%- else %}
    let record = {= entity.tests.first =};
    store(&mut client, &record).await
}
{%- endif %}

/// Checks that one that others refer to is not deleted.
pub async fn stays(service: &Service, record: &proto::{= proto.message =}) {
    let mut client = Client::new(service.router.clone());
    let deleted = client.delete_{= proto.field =}(delete(record)).await;
    blamed(deleted, Code::FailedPrecondition);
}
{%- endif %}

#[tokio::test]
async fn a_new_{= entity.snake =}_can_be_read() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let created = store(&mut client, &record).await;
    let as_sent = proto::{= proto.message =} {
        id: created.id{% if not entity.id.integer %}.clone(){% endif %},
        etag: created.etag.clone(),
        created_at: created.created_at,
        updated_at: created.updated_at,
        ..record
    };
    assert_eq!(created, as_sent);

    let read = client.get_{= proto.field =}(get(&created)).await;
    assert_eq!(read.unwrap().into_inner(), created);
}
{%- if tests.defaults %}

#[tokio::test]
async fn what_is_left_out_takes_its_default() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
{%- if tests.required %}
    let record = proto::{= proto.message =} {
{%- for line in tests.required %}
        {= line =}
{%- endfor %}
        ..Default::default()
    };
{%- else %}
    let record = proto::{= proto.message =}::default();
{%- endif %}
    let created = store(&mut client, &record).await;
    let filled_in = proto::{= proto.message =} {
{%- for line in tests.defaults %}
        {= line =}
{%- endfor %}
        ..created.clone()
    };
    assert_eq!(created, filled_in);
}
{%- endif %}
{%- if tests.missing %}

#[tokio::test]
async fn every_missing_field_is_named() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let nothing = create(&proto::{= proto.message =}::default());
    let created = client.create_{= proto.field =}(nothing).await;
    let missing = {= tests.missing =};
    assert_eq!(blamed(created, Code::InvalidArgument), missing);
}
{%- endif %}
{%- if tests.invalid %}

#[tokio::test]
async fn every_invalid_field_is_named() {
    let service = Service::start().await;
    let mut client = Client::new(service.router);
    let record = proto::{= proto.message =} {
{%- for line in tests.invalid %}
        {= line =}
{%- endfor %}
        ..Default::default()
    };
    let created = client.create_{= proto.field =}(create(&record)).await;
    let blamed = blamed(created, Code::InvalidArgument);
    let invalid = {= tests.invalid_names =};
    for field in invalid {
        assert!(blamed.iter().any(|known| known == field), "{field}");
    }
}
{%- endif %}
{%- if tests.changed %}

#[tokio::test]
async fn {= entity.an_snake =}_can_be_updated() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let before = store(&mut client, &record).await;
    let changed = proto::{= proto.message =} {
        {= tests.changed =}
        ..before.clone()
    };
    let updated = client.update_{= proto.field =}(update(&changed)).await;
    let after = updated.unwrap().into_inner();
    assert_ne!(after.etag, before.etag);
    assert_ne!(after.updated_at, before.updated_at);
    let as_sent = proto::{= proto.message =} {
        etag: after.etag.clone(),
        updated_at: after.updated_at,
        ..changed
    };
    assert_eq!(after, as_sent);
}
{%- endif %}

#[tokio::test]
async fn a_deleted_{= entity.snake =}_is_gone() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let record = store(&mut client, &record).await;
    let deleted = client.delete_{= proto.field =}(delete(&record)).await;
    assert!(deleted.is_ok(), "{deleted:?}");

    let read = client.get_{= proto.field =}(get(&record)).await;
    blamed(read, Code::NotFound);
    let deleted = client.delete_{= proto.field =}(delete(&record)).await;
    blamed(deleted, Code::NotFound);
    let updated = client.update_{= proto.field =}(update(&record)).await;
    blamed(updated, Code::NotFound);
}
