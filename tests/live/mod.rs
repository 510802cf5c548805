//! Tests against a real engine, real registries and a real cluster.

mod build;
mod build_faults;
mod build_native;
mod build_secrets;
mod build_system;
mod calls;
mod cluster;
mod engine_tls;
mod entrance;
mod events;
mod ignore;
mod stage;
mod whole_path;
