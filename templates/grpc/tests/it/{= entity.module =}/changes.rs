{% set proto = entity.proto -%}
{% set tests = proto.tests -%}
//! Changes of {= entity.titles =} that must not get into each other's way.

use tonic::Code;

{% if entity.references or entity.tests.unique -%}
use super::{Client, create, delete, sample, store, update};
{% else -%}
use super::{Client, delete, sample, store, update};
{% endif -%}
{% if entity.references or tests.masked -%}
use crate::support::{Service, blamed, proto};
{% else -%}
use crate::support::{Service, blamed};
{% endif %}
#[tokio::test]
async fn a_change_that_a_client_has_not_seen_is_not_undone() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let mut seen = store(&mut client, &record).await;

    // Of two that have seen the same, one comes first.
    let mut another = client.clone();
    let (one, other) = tokio::join!(
        client.update_{= proto.field =}(update(&seen)),
        another.update_{= proto.field =}(update(&seen)),
    );
    let (first, late) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_ne!(first.unwrap().into_inner().etag, seen.etag);
    blamed(late, Code::Aborted);

    let deleted = client.delete_{= proto.field =}(delete(&seen)).await;
    blamed(deleted, Code::Aborted);
    "none of ours".clone_into(&mut seen.etag);
    let updated = client.update_{= proto.field =}(update(&seen)).await;
    blamed(updated, Code::Aborted);
    // Who does not say what was seen takes what is there.
    seen.etag.clear();
    let updated = client.update_{= proto.field =}(update(&seen)).await;
    assert!(updated.is_ok(), "{updated:?}");
    let deleted = client.delete_{= proto.field =}(delete(&seen)).await;
    assert!(deleted.is_ok(), "{deleted:?}");
}
{%- if tests.masked %}

#[tokio::test]
async fn a_mask_says_what_is_changed() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let before = store(&mut client, &record).await;
    // What is left out stays as it is.
    let mut request = update(&proto::{= proto.message =} {
        id: before.id{% if not entity.id.integer %}.clone(){% endif %},
        {= tests.masked.line =}
        ..Default::default()
    });
    let mask = |path: &str| prost_types::FieldMask {
        paths: vec![path.to_owned()],
    };
    request.update_mask = Some(mask("{= tests.masked.name =}"));
    let after = client.update_{= proto.field =}(request.clone()).await;
    let after = after.unwrap().into_inner();
    let as_named = proto::{= proto.message =} {
        {= tests.masked.line =}
        etag: after.etag.clone(),
        updated_at: after.updated_at,
        ..before
    };
    assert_eq!(after, as_named);

    request.update_mask = Some(mask("nothing"));
    let refused = client.update_{= proto.field =}(request).await;
    assert_eq!(blamed(refused, Code::InvalidArgument), ["update_mask"]);
}
{%- endif %}
{%- if entity.tests.unique %}

#[tokio::test]
async fn a_value_that_is_taken_is_a_conflict() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    store(&mut client, &record).await;
    let again = client.create_{= proto.field =}(create(&record)).await;
    assert_eq!(blamed(again, Code::AlreadyExists).len(), 1);
}
{%- endif %}
{%- for reference in entity.references %}
{%- if loop.first %}

#[tokio::test]
async fn what_it_refers_to_must_exist() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let stored = store(&mut client, &record).await;
{%- if tests.is_all_dangling %}
    let dangling = proto::{= proto.message =} {
{%- for line in tests.dangling %}
        {= line =}
{%- endfor %}
        ..Default::default()
    };
{%- else %}
    let dangling = proto::{= proto.message =} {
{%- for line in tests.dangling %}
        {= line =}
{%- endfor %}
        ..{= entity.tests.second =}
    };
{%- endif %}
    let missing = {= tests.dangling_names =};
    let created = client.create_{= proto.field =}(create(&dangling)).await;
    assert_eq!(blamed(created, Code::FailedPrecondition), missing);
    let changed = proto::{= proto.message =} {
        id: stored.id,
        ..dangling
    };
    let updated = client.update_{= proto.field =}(update(&changed)).await;
    assert_eq!(blamed(updated, Code::FailedPrecondition), missing);
}
{%- endif %}

#[tokio::test]
async fn what_its_{= reference.name =}_refers_to_is_not_deleted() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router.clone());
{%- if reference.needed %}
    let record = {= entity.tests.first =};
    store(&mut client, &record).await;
    crate::{= reference.module =}::stays(&service, &{= reference.variable =}).await;
{%- else %}
    let target = crate::{= reference.module =}::stored(&service).await;
    let record = proto::{= proto.message =} {
        {= reference.name =}: Some(target.id{% if not reference.integer %}.clone(){% endif %}),
        ..{= entity.tests.second =}
    };
    store(&mut client, &record).await;
    crate::{= reference.module =}::stays(&service, &target).await;
{%- endif %}
}
{%- endfor %}
