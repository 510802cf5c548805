//! `msvc add entity`.

use super::report::Addition;
use super::{Change, Context, Outcome, Writing, bring, service_around};
use crate::error::{Error, Result};
use crate::project::entity::Entity;
use crate::project::{DnsLabel, FILE, Service, edit, entity_spec};

/// Arguments of `msvc add entity`.
#[derive(Debug, clap::Args)]
pub(super) struct EntityArgs {
    /// The entity, in the singular, such as `customer` or `order-item`
    name: String,
    /// Its fields: NAME:TYPE[=ARGUMENTS][:MODIFIER[=VALUE]].., such as `total:decimal=10,2:minimum=0`
    #[arg(value_name = "FIELD:TYPE")]
    fields: Vec<String>,
    #[command(flatten)]
    writing: Writing,
    /// Let migrations drop columns and tables that are no longer declared
    #[arg(long, env = "MSVC_ALLOW_DATA_LOSS", hide_env = true)]
    allow_data_loss: bool,
}

pub(super) fn run(args: &EntityArgs, context: &Context) -> Result<Outcome> {
    let name = DnsLabel::try_from(args.name.as_str()).map_err(|why| {
        Error::usage("the entity can't be called that")
            .cause(why)
            .hint("a name is in the singular, such as `customer` or `order-item`")
    })?;
    let fields = entity_spec::entity(&args.fields)?;
    let addition = Addition::Entity(name.to_string());
    let change = NewEntity { name, fields, allow_data_loss: args.allow_data_loss };
    bring(service_around(None, context)?, change, addition, &args.writing, context)
}

struct NewEntity {
    name: DnsLabel,
    fields: Entity,
    allow_data_loss: bool,
}

impl Change for NewEntity {
    fn declare(&self, text: &str, service: &Service) -> Result<(String, Service)> {
        if service.stores_nothing() {
            return Err(Error::usage(format!("service `{}` stores nothing: it can't have entities", service.name))
                .cause(format!("{FILE} says `store: none`"))
                .hint("entities live in a service that stores: make one with `msvc new NAME --set store=sql`"));
        }
        edit::add(text, service, &self.name, &self.fields)
    }

    fn allow_data_loss(&self) -> bool {
        self.allow_data_loss
    }
}
