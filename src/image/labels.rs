//! The labels of an image: where it comes from, by the names that the Open Container Initiative gave them.

use std::collections::HashMap;

use super::tags::Source;

/// The labels of service `title` made of `source`. They follow from the source alone, times included, so that
/// building it again gives the same image.
pub(super) fn labels(title: &str, version: &str, source: &Source, time: u64) -> HashMap<String, String> {
    let mut labels = HashMap::new();
    let mut label = |name: &str, value: &str| {
        labels.insert(format!("org.opencontainers.image.{name}"), value.to_owned());
    };
    label("title", title);
    label("version", version);
    // Without git and SOURCE_DATE_EPOCH there is no time that everybody would agree on.
    if time > 0 {
        label("created", &created(time));
    }
    if let Source::Git(revision) = source {
        let dirty = if revision.dirty.is_some() { "-dirty" } else { "" };
        label("revision", &format!("{}{dirty}", revision.commit));
        if let Some(remote) = &revision.remote {
            label("source", remote);
        }
    }
    labels
}

/// A time, in seconds of Unix, as RFC 3339.
pub(super) fn created(time: u64) -> String {
    jiff::Timestamp::from_second(time.try_into().unwrap_or_default()).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::labels;
    use crate::git::Revision;
    use crate::image::tags::Source;

    #[test]
    fn labels_tell_where_an_image_comes_from() {
        let source = Source::Git(Revision {
            commit: "a".repeat(40),
            short: "a".repeat(12),
            time: 1_700_000_000,
            tag: None,
            dirty: Some("77ab12cd90ef".to_owned()),
            remote: Some("https://example.org/acme/orders".to_owned()),
        });
        let labels = labels("orders", "v1", &source, 1_700_000_000);
        let get = |name: &str| labels[&format!("org.opencontainers.image.{name}")].as_str();
        assert_eq!(get("title"), "orders");
        assert_eq!(get("version"), "v1");
        assert_eq!(get("revision"), format!("{}-dirty", "a".repeat(40)));
        assert_eq!(get("created"), "2023-11-14T22:13:20Z");
        assert_eq!(get("source"), "https://example.org/acme/orders");
    }
}
