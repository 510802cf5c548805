//! Objects of a deploy, compressed as its record holds them, and unpacked only where somebody looks.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::object::Object;
use crate::error::{Context as _, Result};

/// Compressed objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(Vec<u8>);

#[derive(Serialize)]
struct Storing<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    object: &'a Value,
}

#[derive(PartialEq, Deserialize)]
struct Stored {
    #[serde(default)]
    service: Option<String>,
    object: Value,
}

impl Packed {
    /// Packs objects; equal ones give equal bytes.
    ///
    /// # Errors
    /// None that would be the user's.
    pub fn of<'a>(objects: impl IntoIterator<Item = &'a Object>) -> Result<Self> {
        let failed = || "could not compress the objects";
        let stored = objects.into_iter().map(|o| Storing { service: o.service.as_deref(), object: &o.value });
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        let text = serde_json::to_vec(&stored.collect::<Vec<_>>()).failed(failed)?;
        encoder.write_all(&text).and_then(|()| encoder.finish()).map(Self).failed(failed)
    }

    /// What a record holds.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to be kept.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The objects.
    ///
    /// # Errors
    /// It is not what msvc packed.
    pub fn objects(&self) -> Result<Vec<Object>> {
        let stored: Vec<Stored> = serde_json::from_slice(&self.text()?).failed(broken)?;
        Ok(stored.into_iter().filter_map(|s| Object::from_value(s.object, s.service.as_deref())).collect())
    }

    fn text(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        GzDecoder::new(&self.0[..]).read_to_end(&mut text).failed(broken)?;
        Ok(text)
    }

    /// Whether these are the same objects, whichever version of msvc packed them.
    #[must_use]
    pub fn holds_same_as(&self, other: &Self) -> bool {
        self == other || self.compare(other).unwrap_or(false)
    }

    /// One object after the other: unpacked, all of them would take much memory.
    fn compare(&self, other: &Self) -> Result<bool> {
        let (mine, theirs) = (self.text()?, other.text()?);
        let mine: Vec<&RawValue> = serde_json::from_slice(&mine).failed(broken)?;
        let theirs: Vec<&RawValue> = serde_json::from_slice(&theirs).failed(broken)?;
        let stored = |text: &RawValue| serde_json::from_str::<Stored>(text.get()).ok();
        let same = |(a, b): (&&RawValue, &&RawValue)| stored(a).is_some_and(|mine| stored(b) == Some(mine));
        Ok(mine.len() == theirs.len() && mine.iter().zip(&theirs).all(same))
    }
}

fn broken() -> String {
    "the record of a deploy is not one that msvc can read".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn objects(last: &str) -> Vec<Object> {
        let one = |name: &str| {
            let value = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": {} });
            Object::from_value(value, Some("orders")).unwrap()
        };
        vec![one("first"), one(last)]
    }

    #[test]
    fn the_same_objects_are_the_same_however_they_were_packed() {
        let packed = Packed::of(&objects("last")).unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(&packed.text().unwrap()).unwrap();
        let otherwise = Packed::from_bytes(encoder.finish().unwrap());
        assert_ne!(packed, otherwise);
        assert!(packed.holds_same_as(&otherwise));
        assert!(!packed.holds_same_as(&Packed::of(&objects("other")).unwrap()));
        assert!(!packed.holds_same_as(&Packed::of(&objects("last")[..1]).unwrap()));
        assert!(!packed.holds_same_as(&Packed::from_bytes(b"broken".to_vec())));
    }
}
