//! Names, labels and selectors that all objects share.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

/// Labels as Kubernetes keeps them.
pub type Labels = BTreeMap<String, String>;

/// A program in the cluster, as its objects name it.
#[derive(Debug, Clone)]
pub struct Identity {
    /// What the program is: the service's name, or `postgres`.
    pub app: String,
    /// The name of its objects, unique in the namespace.
    pub instance: String,
    /// The project that it is part of.
    pub project: String,
    /// The namespace.
    pub namespace: String,
}

impl Identity {
    /// The labels that its pods are selected by. They never change: a Deployment's selector can't.
    #[must_use]
    pub fn selector(&self) -> Labels {
        pairs([("app.kubernetes.io/name", &self.app), ("app.kubernetes.io/instance", &self.instance)])
    }

    /// The selector as most objects spell it.
    #[must_use]
    pub fn label_selector(&self) -> LabelSelector {
        LabelSelector { match_labels: Some(self.selector()), ..LabelSelector::default() }
    }

    /// The labels of its objects.
    #[must_use]
    pub fn labels(&self) -> Labels {
        let mut labels = self.selector();
        labels.extend(pairs([
            ("app.kubernetes.io/part-of", self.project.as_str()),
            ("app.kubernetes.io/managed-by", "msvc"),
        ]));
        labels
    }

    /// The metadata of an object called like the instance.
    #[must_use]
    pub fn metadata(&self) -> ObjectMeta {
        ObjectMeta {
            name: Some(self.instance.clone()),
            namespace: Some(self.namespace.clone()),
            labels: Some(self.labels()),
            ..ObjectMeta::default()
        }
    }
}

/// The version label of an image reference: its tag, where it has one that can be a label.
#[must_use]
pub fn version(image: &str) -> Option<(String, String)> {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let (_, tag) = name.rsplit('/').next()?.split_once(':')?;
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let fits = tag.len() <= 63 && tag.chars().all(inner) && ends(tag.chars().next()) && ends(tag.chars().last());
    fits.then(|| ("app.kubernetes.io/version".to_owned(), tag.to_owned()))
}

/// A map of text from pairs.
pub(super) fn pairs<const N: usize>(pairs: [(&str, impl AsRef<str>); N]) -> Labels {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.as_ref().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn the_version_is_the_tag_where_it_can_be_a_label() {
        let tag = |image| version(image).map(|(_, tag)| tag);
        assert_eq!(tag("localhost:5000/orders:1.2.0-3-gabc").as_deref(), Some("1.2.0-3-gabc"));
        assert_eq!(tag("ghcr.io/acme/orders:v1@sha256:00").as_deref(), Some("v1"));
        assert_eq!(tag("localhost:5000/orders@sha256:00"), None);
        assert_eq!(tag("localhost:5000/orders"), None);
        assert_eq!(tag("orders:ends-in-"), None);
    }
}
