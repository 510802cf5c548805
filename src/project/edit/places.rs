//! Where the keys of a YAML document stand, as the parser tells it.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use crate::error::Result;
use crate::project::yaml;

/// Where the key stands that `keys` lead to from the top, or the last of them that is there: line and column, from 1.
#[must_use]
pub fn find(text: &str, keys: &[&str]) -> Option<(usize, usize)> {
    let document = Node::read(text, "").ok()?;
    let (mut node, mut found) = (&document, None);
    for key in keys {
        let Some(entry) = node.get(key) else { break };
        found = Some((entry.line + 1, entry.column + 1));
        node = &entry.value;
    }
    found
}

/// A value, as far as edits care.
#[derive(Debug, Default)]
pub(super) enum Node {
    /// A mapping, in block or flow style.
    Map(Vec<Entry>),
    /// Anything else.
    #[default]
    Other,
}

/// A key with its place; lines and columns are counted from 0.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) value: Node,
}

impl Node {
    /// The places in `text`, which is called `origin`.
    pub(super) fn read(text: &str, origin: &str) -> Result<Self> {
        yaml::parse(text, origin)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match self {
            Self::Map(entries) => entries,
            Self::Other => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Node>()? {
            let from_zero = |place: u64| usize::try_from(place.saturating_sub(1)).unwrap_or_default();
            let (line, column) = (from_zero(key.referenced.line()), from_zero(key.referenced.column()));
            entries.push(Entry { key: key.value, line, column, value });
        }
        Ok(Node::Map(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Node::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }
}
