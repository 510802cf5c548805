//! Objects as text: YAML that every reader takes for the same data, or JSON.

use serde_json::{Value, json};

use super::Object;
use crate::error::{Context, Result};

/// One YAML document per object.
///
/// # Errors
/// A value that YAML can't express.
pub fn documents(objects: &[Object]) -> Result<String> {
    let documents = objects.iter().map(document).collect::<Result<Vec<_>>>()?;
    Ok(documents.join("---\n"))
}

/// One object as a YAML document.
///
/// # Errors
/// A value that YAML can't express.
pub fn document(object: &Object) -> Result<String> {
    // Long lines stay whole, as folding them is hard to read and to compare.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: 100_000 };
    serde_saphyr::to_string_with_options(&object.value, options)
        .failed(|| format!("could not write {} as YAML", object.id()))
}

/// All objects as one JSON document of kind `List`.
#[must_use]
pub fn list(objects: &[Object]) -> String {
    let items: Vec<&Value> = objects.iter().map(|o| &o.value).collect();
    format!("{:#}\n", json!({ "apiVersion": "v1", "kind": "List", "items": items }))
}
