{% set proto = entity.proto -%}
//! {= entity.Titles =} over gRPC.

{% if options.cache != "none" -%}
use chassis::cache::{= options.cache | pascal =};
{% endif -%}
use chassis::check::FieldCheck;
{% if entity.checks -%}
use chassis::client::Caller;
{% endif -%}
use chassis::paging::PageRequest;
{% if entity.checks -%}
use chassis::rpc::{Limits, shared};
{% else -%}
use chassis::rpc::Limits;
{% endif -%}
use chassis::{Answer, Database, Version, status};
use prost_types::FieldMask;
use tonic::{Request, Response};
{% if not entity.id.integer -%}
use uuid::Uuid;
{% endif %}
use super::convert;
use super::model::{= entity.pascal =}Input;
{% if entity.list and entity.list.sorts -%}
use super::query::{{= entity.pascal =}Cursor, {= entity.pascal =}Query, {= entity.pascal =}Sort};
{% elif entity.list -%}
use super::query::{= entity.pascal =}Query;
{% endif -%}
{% if entity.checks -%}
use super::{references, store};
use crate::clients::Clients;
{% else -%}
use super::store;
{% endif -%}
use crate::proto;
use crate::proto::{= proto.service_module =}_server::{{= proto.service =}, {= proto.service =}Server};

/// Answers calls.
pub struct Rpc {
    db: Database,
{%- if options.cache != "none" %}
    cache: {= options.cache | pascal =},
{%- endif %}
}

/// The service of {= entity.titles =}.
#[must_use]
pub fn service(database: &Database, {% if options.cache != "none" %}cache: &{= options.cache | pascal =}, {% endif %}limits: Limits) -> {= proto.service =}Server<Rpc> {
    let rpc = Rpc {
        db: database.clone(),
{%- if options.cache != "none" %}
        cache: cache.clone(),
{%- endif %}
    };
    {= proto.service =}Server::new(rpc).max_decoding_message_size(limits.message)
}

#[tonic::async_trait]
impl {= proto.service =} for Rpc {
    async fn create_{= proto.field =}(&self, request: Request<proto::Create{= proto.message =}Request>) -> Answer<proto::{= proto.message =}> {
{%- if entity.checks %}
        let (clients, caller) = (shared::<Clients, _>(&request)?, Caller::of_call(&request));
{%- endif %}
        let sent = request.into_inner().{= proto.field =};
        let input = {= entity.pascal =}Input::try_from(sent.unwrap_or_default())?;
{%- if entity.checks %}
        references::check(&clients, &caller, &input).await?;
{%- endif %}
{%- if entity.references %}
        let created = match store::insert(&self.db, &input).await {
            Ok(created) => created,
            Err(error) => return Err(self.refusal(&input, error).await),
        };
{%- else %}
        let created = store::insert(&self.db, &input)
            .await
            .map_err(status::refused)?;
{%- endif %}
        Ok(Response::new(created.into()))
    }

    async fn get_{= proto.field =}(&self, request: Request<proto::Get{= proto.message =}Request>) -> Answer<proto::{= proto.message =}> {
{%- if entity.id.integer %}
        let id = request.into_inner().id;
{%- else %}
        let id = convert::id("id", request.into_inner().id)?;
{%- endif %}
{%- if options.cache != "none" %}
        let found = store::show(&self.db, &self.cache, id)
            .await
            .map_err(status::refused)?;
{%- else %}
        let found = store::find(&self.db, id).await.map_err(status::refused)?;
{%- endif %}
        let found = found.ok_or_else(status::not_found)?;
        Ok(Response::new(found.into()))
    }

    async fn {= proto.list_method =}(&self, request: Request<proto::List{= proto.messages =}Request>) -> Answer<proto::List{= proto.messages =}Response> {
        let sent = request.into_inner();
        let mut check = FieldCheck::default();
{%- if entity.list and entity.list.sorts %}
        let order = Some(sent.order_by.as_str()).filter(|order| !order.is_empty());
        let sort = order.and_then({= entity.pascal =}Sort::parse);
        if order.is_some() && sort.is_none() {
            check.refuse("order_by", "is not an order of this list");
        }
        let page = PageRequest::read(&mut check, sent.page_size, &sent.page_token, order);
{%- else %}
        let page = PageRequest::read(&mut check, sent.page_size, &sent.page_token, None);
{%- endif %}
{%- if entity.list %}
{%- if proto.rust.filters %}
        let query = {= entity.pascal =}Query {
{%- for line in proto.rust.filters %}
            {= line =}
{%- endfor %}
{%- if entity.list.sorts %}
            sort,
{%- endif %}
        };
{%- else %}
        let query = {= entity.pascal =}Query { sort };
{%- endif %}
        let (page, query) = check.finish((page, query))?;
        let entries = query
            .select(&self.db, page.after{% if entity.list.sorts %}.as_ref(){% endif %}, page.rows())
            .await
            .map_err(status::refused)?;
{%- else %}
        let page = check.finish(page)?;
        let entries = store::list(&self.db, page.after, page.rows())
            .await
            .map_err(status::refused)?;
{%- endif %}
{%- if entity.list and entity.list.sorts %}
        let (entries, next_page_token) = page.of(entries, {= entity.pascal =}Cursor::of);
{%- else %}
        let (entries, next_page_token) = page.of(entries, |entry| entry.id);
{%- endif %}
        let entries = entries.into_iter().map(Into::into).collect();
        Ok(Response::new(proto::List{= proto.messages =}Response {
            {= proto.entries =}: entries,
            next_page_token,
        }))
    }

    async fn update_{= proto.field =}(&self, request: Request<proto::Update{= proto.message =}Request>) -> Answer<proto::{= proto.message =}> {
{%- if entity.checks %}
        let (clients, caller) = (shared::<Clients, _>(&request)?, Caller::of_call(&request));
{%- endif %}
        let request = request.into_inner();
        let mut sent = request.{= proto.field =}.unwrap_or_default();
{%- if entity.id.integer %}
        let id = sent.id;
{%- else %}
        let id = convert::id("{= proto.field =}.id", std::mem::take(&mut sent.id))?;
{%- endif %}
        let mut expected = expected(&sent.etag);
        if let Some(mask) = request.update_mask.filter(is_partial) {
            let stored = store::find(&self.db, id).await.map_err(status::refused)?;
            let stored = stored.ok_or_else(status::not_found)?;
            // What is not in the message must not change before all of it is written.
            expected.get_or_insert(stored.row_version);
            sent = convert::masked(stored, sent, mask)?;
        }
        let input = {= entity.pascal =}Input::try_from(sent)?;
{%- if entity.checks %}
        references::check(&clients, &caller, &input).await?;
{%- endif %}
{%- if entity.references %}
{%- if options.cache != "none" %}
        let (db, cache) = (&self.db, &self.cache);
        let updated = match store::update(db, cache, id, &input, expected).await {
{%- else %}
        let updated = match store::update(&self.db, id, &input, expected).await {
{%- endif %}
            Ok(updated) => updated,
            Err(error) => return Err(self.refusal(&input, error).await),
        };
{%- else %}
        let updated = store::update(&self.db, {% if options.cache != "none" %}&self.cache, {% endif %}id, &input, expected)
            .await
            .map_err(status::refused)?;
{%- endif %}
        match updated {
            Some(updated) => Ok(Response::new(updated.into())),
            None => Err(self.missed(id).await),
        }
    }

    async fn delete_{= proto.field =}(&self, request: Request<proto::Delete{= proto.message =}Request>) -> Answer<()> {
        let sent = request.into_inner();
{%- if entity.id.integer %}
        let id = sent.id;
{%- else %}
        let id = convert::id("id", sent.id)?;
{%- endif %}
        let deleted = store::delete(&self.db, {% if options.cache != "none" %}&self.cache, {% endif %}id, expected(&sent.etag))
            .await
            .map_err(status::refused)?;
        if deleted {
            Ok(Response::new(()))
        } else {
            Err(self.missed(id).await)
        }
    }
}

/// The version that a write expects to find; none if any will do.
fn expected(etag: &str) -> Option<Version> {
    (!etag.is_empty()).then(|| Version::seen(etag))
}

/// Whether it names fields, and not just all of them.
fn is_partial(mask: &FieldMask) -> bool {
    !mask.paths.is_empty() && mask.paths != ["*"]
}

impl Rpc {
    /// Why a write found no record: there is none, or it is of another version.
    async fn missed(&self, id: {= entity.id.rust =}) -> tonic::Status {
        match store::find(&self.db, id).await {
            Ok(Some(_)) => status::changed_meanwhile(),
            Ok(None) => status::not_found(),
            Err(error) => status::refused(error),
        }
    }
{%- if entity.references %}

    /// Why a record could not be written: with the fields that refer to what does not exist.
    async fn refusal(&self, input: &{= entity.pascal =}Input, error: sqlx::Error) -> tonic::Status {
        if !chassis::constraint::is_dangling(&error) {
            return status::refused(error);
        }
        match store::dangling(&self.db, input).await {
            Ok(fields) => status::dangling("{= proto.field =}", &fields),
            Err(error) => status::refused(error),
        }
    }
{%- endif %}
}
