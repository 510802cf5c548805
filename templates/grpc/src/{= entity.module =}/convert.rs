{% set proto = entity.proto -%}
{% set rust = proto.rust -%}
//! {= entity.Titles =} as messages: what clients send is held to its rules, and what they get is put
//! together.

use std::collections::BTreeSet;

{% if rust.decimal -%}
use chassis::Decimal;
{% endif -%}
{% if rust.enums -%}
use chassis::check::{FieldCheck, Read};
{% else -%}
use chassis::check::FieldCheck;
{% endif -%}
use prost_types::FieldMask;
{% if not entity.id.integer or rust.uuid_default -%}
use uuid::Uuid;
{% endif %}
use super::model::{= rust.imports =};
use crate::proto;

{% if not entity.id.integer -%}
/// Reads an id, as it is in this field of a message.
pub fn id(field: &str, sent: String) -> Result<Uuid, tonic::Status> {
    let mut check = FieldCheck::default();
    let id = check.required(field, sent);
    check.finish(id)
}

{% endif -%}
/// What was sent, with the fields that the mask does not name as they are stored.
pub fn masked(stored: {= entity.pascal =}, mut to: proto::{= proto.message =}, mask: FieldMask) -> Result<proto::{= proto.message =}, tonic::Status> {
    let kept = proto::{= proto.message =}::from(stored);
    let mut left: BTreeSet<String> = mask.paths.into_iter().collect();
{%- for field in entity.fields %}
    if !left.remove("{= field.name =}") {
        to.{= field.identifier =} = kept.{= field.identifier =};
    }
{%- endfor %}
    let mut check = FieldCheck::default();
    for path in left {
        let complaint = format!("{path:?} is no field that can be changed");
        check.refuse("update_mask", complaint);
    }
    check.finish(to)
}

impl TryFrom<proto::{= proto.message =}> for {= entity.pascal =}Input {
    type Error = tonic::Status;

    fn try_from(sent: proto::{= proto.message =}) -> Result<Self, tonic::Status> {
{%- if rust.checked %}
        let mut check = FieldCheck::within("{= proto.field =}");
        let input = Self {
{%- for line in rust.reads %}
            {= line =}
{%- endfor %}
        };
{%- for line in rust.rules %}
        {= line =}
{%- endfor %}
        check.finish(input)
{%- else %}
        Ok(Self {
{%- for line in rust.reads %}
            {= line =}
{%- endfor %}
        })
{%- endif %}
    }
}

impl From<{= entity.pascal =}> for proto::{= proto.message =} {
    fn from(stored: {= entity.pascal =}) -> Self {
        Self {
            id: stored.id{% if not entity.id.integer %}.to_string(){% endif %},
            etag: stored.row_version.to_string(),
            created_at: Some(stored.created_at.into()),
            updated_at: Some(stored.updated_at.into()),
{%- for line in rust.writes %}
            {= line =}
{%- endfor %}
        }
    }
}
{%- for field in entity.fields %}
{%- if field.enum %}

impl {= field.enum.name =} {
    /// What messages hold.
    fn number(self) -> i32 {
        use proto::{= proto.module =}::{= field.name | pascal | pascal =} as Sent;
        let sent = match self {
{%- for variant in field.enum.variants %}
            Self::{= variant.name =} => Sent::{= variant.name =},
{%- endfor %}
        };
        sent.into()
    }
}

impl Read for {= field.enum.name =} {
    type Message = i32;

    fn is_unset(sent: &i32) -> bool {
        *sent == 0
    }

    fn read(sent: i32) -> Result<Self, String> {
        use proto::{= proto.module =}::{= field.name | pascal | pascal =} as Sent;
        match Sent::try_from(sent) {
{%- for variant in field.enum.variants %}
            Ok(Sent::{= variant.name =}) => Ok(Self::{= variant.name =}),
{%- endfor %}
            Ok(Sent::Unspecified) | Err(_) => Err("is not a known value".to_owned()),
        }
    }

    fn stand_in() -> Self {
        Self::{= field.enum.variants[0].name =}
    }
}
{%- endif %}
{%- endfor %}
