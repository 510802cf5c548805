//! Source -> image: tags and labels from git, the context that is sent, and the Docker engine that builds and pushes.

mod tags;

pub use tags::tag_for;
