{% if clients -%}
//! The services that this one calls, each by a client made from its contract (`crates/`).
//!
{%- if options.api == "worker" %}
//! Handlers of events find them in `Events`. A call may be made again when an event is handled
//! again: let it be one that can be done twice, or send the event's id as its `idempotency-key`.
{%- elif options.api == "grpc" %}
//! A method gets them by `shared::<Clients, _>(&request)?`, and calls
//! `clients.{= clients[0].field =}.on_behalf_of(&Caller::of_call(&request))`: that goes on with the trace and
//! token of its call, and takes no longer than its client waits. With `?` a failed call becomes a
//! status of its own, `UNAVAILABLE` or `DEADLINE_EXCEEDED`.
{%- else %}
//! A handler takes `Extension(clients): Extension<Clients>` and `caller: Caller`, and calls
//! `clients.{= clients[0].field =}.on_behalf_of(&caller)`: that goes on with the trace and token of its request,
//! and takes no longer than its client waits. With `?` a failed call becomes an answer of its own,
//! 502 to 504.
{%- endif %}

use chassis::client::{Address, Settings};

/// Where they are.
#[derive(Debug, Clone)]
pub struct Addresses {
{%- for client in clients %}
    pub {= client.field =}: Address,
{%- endfor %}
}

impl Addresses {
    /// Reads the settings; without them all are on this machine.
    pub fn read(given: &mut chassis::Settings) -> Self {
        Self {
{%- for client in clients %}
            {= client.field =}: Address::read(given, "{= client.variable =}", {= client.port =}),
{%- endfor %}
        }
    }
}

/// A client for each; cheap to clone.
#[derive(Clone)]
pub struct Clients {
{%- for client in clients %}
    pub {= client.field =}: {= client.module =}::Client,
{%- endfor %}
}

impl Clients {
    /// Calls nobody yet: a service that is away is no reason not to start.
    pub fn new(at: &Addresses, settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
{%- for client in clients %}
            {= client.field =}: {= client.module =}::Client::new(&at.{= client.field =}, settings)?,
{%- endfor %}
        })
    }
}
{%- endif %}
