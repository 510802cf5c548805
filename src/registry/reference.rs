//! Names of images: `registry/repository:tag@digest`.

use std::fmt::{self, Display};
use std::str::FromStr;

use super::grammar;
use crate::error::{Error, Result};

/// The name of an image, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    inner: oci_client::Reference,
    mirror: Option<String>,
    text: String,
}

impl Reference {
    /// The registry's host and port; `docker.io` where the name has none.
    #[must_use]
    pub fn registry(&self) -> &str {
        self.inner.registry()
    }

    /// The path in the registry.
    #[must_use]
    pub fn repository(&self) -> &str {
        self.inner.repository()
    }

    /// The tag, `latest` where the name has neither tag nor digest.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.inner.tag()
    }

    /// The digest, where the name has one.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.inner.digest()
    }

    /// The name as written, without tag and digest.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.text.split('@').next().unwrap_or(&self.text);
        match name.rsplit_once(':') {
            Some((before, tag)) if !tag.contains('/') => before,
            _ => name,
        }
    }

    /// Who is asked: the registry, or its mirror.
    pub(super) fn host(&self) -> &str {
        self.mirror.as_deref().unwrap_or(self.registry())
    }

    /// The same image, asked for at a mirror of its registry.
    pub(super) fn by_way_of(&self, mirror: &str) -> Self {
        let mut inner = self.inner.clone();
        inner.set_mirror_registry(mirror.to_owned());
        Self { inner, mirror: Some(mirror.to_owned()), text: self.text.clone() }
    }

    /// Whether the registry is on this machine, and so may be spoken to without TLS.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let registry = self.host();
        let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
        matches!(host, "localhost" | "127.0.0.1" | "[::1]")
    }

    /// The address of something at who is asked.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.is_local() { "http" } else { "https" }, self.inner.resolve_registry())
    }

    pub(super) fn inner(&self) -> &oci_client::Reference {
        &self.inner
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match grammar::parse(text) {
            Ok(inner) => Ok(Self { inner, mirror: None, text: text.to_owned() }),
            Err(e) => Err(Error::usage(format!("`{text}` is not the name of an image"))
                .cause(e)
                .hint("names look like ghcr.io/acme/orders:v1, in lower case")),
        }
    }
}

impl Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What identifies an image by its content: `sha256:` and 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Digest(String);

impl Digest {
    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::failed(format!("`{text}` is not a digest")).cause("digests are `sha256:` and 64 hex digits"))
        }
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn names_fall_into_their_parts() {
        let local: Reference = "localhost:5000/acme/orders:v1".parse().unwrap();
        assert_eq!((local.registry(), local.repository(), local.tag()), ("localhost:5000", "acme/orders", Some("v1")));
        assert_eq!(local.name(), "localhost:5000/acme/orders");
        assert!(local.is_local());
        let hub: Reference = "acme/orders".parse().unwrap();
        assert_eq!((hub.registry(), hub.name()), ("docker.io", "acme/orders"));
        assert!(!hub.is_local());
        assert!("localhost.example.org/orders".parse::<Reference>().is_ok_and(|r| !r.is_local()));
        assert!("Acme/Orders".parse::<Reference>().is_err());
    }
}
