//! Source -> image: tags and labels from git, and two builders: the Docker engine, which is sent the context, and cargo on
//! this machine, whose binary becomes a layer without any engine.

mod context;
mod docker;
mod ignore;
pub mod inputs;
mod labels;
pub mod native;
mod plan;
pub mod sbom;
mod secrets;
mod size;
mod tags;

pub use docker::{Built, Engine, Pushed};
pub use plan::{Choices, Dockerfile, DockerfileChoices, Native, Plan, Recipe, plan};
pub use secrets::Secret;
pub use size::Part;
pub use tags::tag_for;
