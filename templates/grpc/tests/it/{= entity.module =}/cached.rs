{% if options.cache != "none" -%}
{% set proto = entity.proto -%}
//! What the cache shows of {= entity.titles =}, and what it has no say in.

use chassis::write;
use sqlx::query_scalar;
use tonic::Code;

use super::{Client, delete, get, sample, store, update};
use crate::support::{Service, blamed};

#[tokio::test]
async fn what_is_shown_may_be_cached_but_the_database_decides() {
{%- if options.cache == "redis" %}
    if std::env::var_os("TEST_REDIS_URL").is_none() {
        return;
    }
{%- endif %}
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router.clone());
    let record = {= entity.tests.first =};
    let created = store(&mut client, &record).await;
    let shown = client.get_{= proto.field =}(get(&created)).await;
    assert_eq!(shown.unwrap().into_inner(), created);

    // Another program changes it, of which the cache hears nothing.
    let change = r#"UPDATE {= entity.sql.table =} SET "row_version" = 7 RETURNING "row_version""#;
    let version = write!(&service.database, |pool| query_scalar(change)
        .fetch_one(pool));
    let version: i64 = version.unwrap();
    assert_eq!(version, 7);
    let shown = client.get_{= proto.field =}(get(&created)).await;
    assert_eq!(shown.unwrap().into_inner(), created);
    let late = client.update_{= proto.field =}(update(&created)).await;
    blamed(late, Code::Aborted);

    // Whoever tried to write sees what there is.
    let shown = client.get_{= proto.field =}(get(&created)).await;
    let shown = shown.unwrap().into_inner();
    assert_ne!(shown.etag, created.etag);
    let changed = client.update_{= proto.field =}(update(&shown)).await;
    let changed = changed.unwrap().into_inner();
    let shown = client.get_{= proto.field =}(get(&created)).await;
    assert_eq!(shown.unwrap().into_inner(), changed);
    let deleted = client.delete_{= proto.field =}(delete(&changed)).await;
    assert!(deleted.is_ok(), "{deleted:?}");
    let gone = client.get_{= proto.field =}(get(&created)).await;
    blamed(gone, Code::NotFound);
}
{% endif -%}
