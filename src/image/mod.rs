//! Source -> image: tags and labels from git, the context that is sent, and the Docker engine that builds and pushes.

mod context;
mod docker;
mod ignore;
mod labels;
mod plan;
mod tags;

pub use docker::{Built, Engine, Pushed};
pub use plan::{Choices, Plan, plan};
pub use tags::tag_for;
