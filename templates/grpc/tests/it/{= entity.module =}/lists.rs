{% if entity.tests.room > 2 -%}
{% set proto = entity.proto -%}
{% set tests = proto.tests -%}
//! Lists of {= entity.titles =}: pages{% if tests.filters %}, filters{% endif %}{% if entity.list and entity.list.sorts %}, sorting{% endif %}.
{%- if entity.list and entity.list.sorts %}

use tonic::Code;
{%- endif %}

use super::{Client, sample, store};
use crate::support::{Service, {% if entity.list and entity.list.sorts %}blamed, {% endif %}{% if tests.moments_in_lists %}moment, {% endif %}proto};

type List = proto::List{= proto.messages =}Request;

#[tokio::test]
async fn lists_come_in_pages() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let mut ids = Vec::new();
    for {% if entity.tests.varies %}n{% else %}_{% endif %} in 0..3 {
        let record = {= entity.tests.nth =};
        ids.push(store(&mut client, &record).await.id);
    }

    let mut list = List {
        page_size: 2,
        ..Default::default()
    };
    let first = client.{= proto.list_method =}(list.clone()).await;
    let first = first.unwrap().into_inner();
    list.page_token = first.next_page_token;
    let second = client.{= proto.list_method =}(list).await;
    let second = second.unwrap().into_inner();
    assert_eq!(second.next_page_token, "");
    let entries = first.{= proto.entries =}.iter().chain(&second.{= proto.entries =});
    let listed: Vec<_> = entries.map(|entry| entry.id{% if not entity.id.integer %}.clone(){% endif %}).collect();
    assert_eq!(listed, ids);
}
{%- if tests.filters %}

#[tokio::test]
async fn lists_can_be_filtered() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let record = {= entity.tests.first =};
    let kept = store(&mut client, &record).await;
    let other = proto::{= proto.message =} {
{%- for filter in tests.filters %}
{%- if filter.other %}
        {= filter.other =}
{%- endif %}
{%- endfor %}
        ..{= entity.tests.second =}
    };
    store(&mut client, &other).await;
{%- for filter in tests.filters %}

    let list = List {
        {= filter.kept =}
        ..Default::default()
    };
    let answer = client.{= proto.list_method =}(list).await.unwrap();
    let listed = answer.into_inner().{= proto.entries =};
    assert!(listed.iter().eq([&kept]), "{listed:?}");
{%- endfor %}
}
{%- endif %}
{%- if entity.list and entity.list.sorts %}
{%- for sort in tests.sorts %}

#[tokio::test]
async fn lists_can_be_sorted_by_{= sort.name =}() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let smallest_first = {= sort.values =};
    let mut ids = Vec::new();
{%- if entity.tests.varies %}
    for (n, value) in smallest_first.into_iter().rev().enumerate() {
{%- else %}
    for value in smallest_first.into_iter().rev() {
{%- endif %}
        let record = proto::{= proto.message =} {
            {= sort.line =}
            ..{= entity.tests.nth =}
        };
        ids.insert(0, store(&mut client, &record).await.id);
    }
    let order = "{= sort.name =}";
    assert_eq!(listed(&mut client, order).await, ids);
    ids.reverse();
    let order = "{= sort.name =} desc";
    assert_eq!(listed(&mut client, order).await, ids);
}
{%- endfor %}

#[tokio::test]
async fn a_token_holds_for_one_order_only() {
    let service = Service::start().await;
{%- for reference in entity.needed %}
    let {= reference.variable =} = crate::{= reference.module =}::stored(&service).await;
{%- endfor %}
    let mut client = Client::new(service.router);
    let mut ids = Vec::new();
    for {% if entity.tests.varies %}n{% else %}_{% endif %} in 0..2 {
        let record = {= entity.tests.nth =};
        ids.insert(0, store(&mut client, &record).await.id);
    }

    assert_eq!(listed(&mut client, "created_at desc").await, ids);
    let mut list = List {
        page_size: 1,
        order_by: "created_at desc".to_owned(),
        ..Default::default()
    };
    let page = client.{= proto.list_method =}(list.clone()).await;
    list.page_token = page.unwrap().into_inner().next_page_token;
    list.order_by = "created_at".to_owned();
    let turned = client.{= proto.list_method =}(list).await;
    assert_eq!(blamed(turned, Code::InvalidArgument), ["page_token"]);
}

/// The ids of the entries of all pages.
async fn listed(client: &mut Client, order: &str) -> Vec<{% if entity.id.integer %}i64{% else %}String{% endif %}> {
    let mut ids = Vec::new();
    let mut list = List {
        page_size: 1,
        order_by: order.to_owned(),
        ..Default::default()
    };
    loop {
        let page = client.{= proto.list_method =}(list.clone()).await;
        let page = page.unwrap().into_inner();
        ids.extend(page.{= proto.entries =}.into_iter().map(|entry| entry.id));
        if page.next_page_token.is_empty() {
            return ids;
        }
        list.page_token = page.next_page_token;
    }
}
{%- endif %}
{% endif -%}
