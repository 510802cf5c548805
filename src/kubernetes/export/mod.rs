//! Rendered objects in the forms that other tools deploy: a kustomization, a chart. Both make the objects that `render`
//! prints, and no others.

pub mod helm;
mod json_patch;
pub mod kustomize;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::{Context, Result};

/// Files by their paths in the folder that is written.
pub type Files = BTreeMap<String, String>;

/// Data as YAML whose long lines stay whole.
fn yaml<T: Serialize>(value: &T) -> Result<String> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: 100_000 };
    serde_saphyr::to_string_with_options(value, options).failed(|| "could not write YAML")
}
