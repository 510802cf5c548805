{% if options.cache != "none" -%}
//! What the cache shows of {= entity.titles =}, and what it has no say in.

use axum::http::StatusCode;
use chassis::write;
use sqlx::query_scalar;

use super::{PATH, sample};
use crate::support::Service;

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
    let body = {= entity.tests.first =};
    let created = service.call_with("POST", PATH, &body).await;
    let (path, seen) = (created.header("location"), created.header("etag"));
    let shown = service.call("GET", path).await;
    assert_eq!((&shown.body, shown.header("etag")), (&created.body, seen));

    // Another program changes it, of which the cache hears nothing.
    let change = r#"UPDATE {= entity.sql.table =} SET "row_version" = 7 RETURNING "row_version""#;
    let version = write!(&service.database, |pool| query_scalar(change)
        .fetch_one(pool));
    let version: i64 = version.unwrap();
    assert_eq!(version, 7);
    let shown = service.call("GET", path).await;
    assert_eq!((&shown.body, shown.header("etag")), (&created.body, seen));
    let late = service.call_if("PUT", path, ("if-match", seen), &body);
    late.await.problem(StatusCode::PRECONDITION_FAILED);

    // Whoever tried to write sees what there is.
    let shown = service.call("GET", path).await;
    assert_eq!(shown.header("etag"), "\"7\"");
    let changed = service.call_if("PUT", path, ("if-match", "\"7\""), &body);
    let changed = changed.await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.header("etag"), "\"8\"");
    let shown = service.call("GET", path).await;
    assert_eq!(shown.body, changed.body);
    let deleted = service.call("DELETE", path).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let gone = service.call("GET", path).await;
    gone.problem(StatusCode::NOT_FOUND);
}
{% endif -%}
