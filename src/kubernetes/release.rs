//! The record of a deploy, kept in the namespace: what was deployed, by whom, from which commit, and all its objects,
//! compressed. From these come `history` and `rollback`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::ConfigMap;

use super::client::Cluster;
use super::own::{self, Record};
use super::packed::Packed;
use crate::error::{Context as _, Error, Result};

/// How many records are kept.
const KEPT: usize = 10;
/// A ConfigMap holds 1 MiB at most; the rest of it needs some room too.
const MOST_BYTES: usize = 950 * 1024;

/// How a deploy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has not: it is under way, or was interrupted.
    Pending,
    /// All services run.
    Deployed,
    /// At least one service does not.
    Failed,
}

impl Status {
    const ALL: [(&'static str, Self); 3] =
        [("pending", Self::Pending), ("deployed", Self::Deployed), ("failed", Self::Failed)];

    /// Its name in records and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, s)| *s == self).map_or("", |(name, _)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, status)| *status)
    }
}

/// A deploy.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Its number, from 1.
    pub revision: u32,
    /// How it ended.
    pub status: Status,
    /// The image of each service.
    pub images: BTreeMap<String, String>,
    /// The git commit that it was made from, as git describes it.
    pub commit: Option<String>,
    /// Who deployed.
    pub who: String,
    /// When it began.
    pub when: Timestamp,
    /// All objects of the project.
    pub objects: Packed,
}

/// All records of a project, the newest first.
///
/// # Errors
/// They can't be read, or are not what msvc wrote.
pub async fn list(cluster: &Cluster, project: &str) -> Result<Vec<Release>> {
    let maps = cluster.list::<ConfigMap>(&own::selector(project, Record::Release)).await?;
    let mut releases = maps.into_iter().map(from_map).collect::<Result<Vec<_>>>()?;
    releases.sort_by_key(|r| std::cmp::Reverse(r.revision));
    Ok(releases)
}

/// Writes a record, over the one of the same revision, and drops the oldest.
///
/// # Errors
/// It is too large; no rights; no answer.
pub async fn write(cluster: &Cluster, project: &str, release: &Release, known: &[Release]) -> Result<()> {
    let map = to_map(project, release)?;
    if cluster.create(&map).await?.is_none() {
        cluster.replace(&map).await?;
    }
    let kept = if known.iter().any(|r| r.revision == release.revision) { KEPT } else { KEPT - 1 };
    for old in known.iter().skip(kept) {
        cluster.remove::<ConfigMap>(&name(project, old.revision)).await?;
    }
    Ok(())
}

/// Removes all records.
///
/// # Errors
/// No rights; no answer.
pub async fn remove_all(cluster: &Cluster, project: &str) -> Result<()> {
    for map in cluster.list::<ConfigMap>(&own::selector(project, Record::Release)).await? {
        cluster.remove::<ConfigMap>(&map.metadata.name.unwrap_or_default()).await?;
    }
    Ok(())
}

fn name(project: &str, revision: u32) -> String {
    format!("msvc-{project}-r{revision}")
}

fn to_map(project: &str, release: &Release) -> Result<ConfigMap> {
    let packed = release.objects.bytes();
    if packed.len() > MOST_BYTES {
        let message = format!("the record of this deploy would be {} KiB large", packed.len() / 1024);
        return Err(Error::failed(message).cause("a ConfigMap holds 1 MiB at most").hint("split the system"));
    }
    let images = serde_json::to_string(&release.images).failed(|| "could not write down the images")?;
    let mut data = BTreeMap::from([
        ("revision".to_owned(), release.revision.to_string()),
        ("status".to_owned(), release.status.name().to_owned()),
        ("images".to_owned(), images),
        ("who".to_owned(), release.who.clone()),
        ("when".to_owned(), release.when.to_string()),
    ]);
    data.extend(release.commit.iter().map(|c| ("commit".to_owned(), c.clone())));
    Ok(ConfigMap {
        metadata: own::metadata(name(project, release.revision), project, Record::Release),
        data: Some(data),
        binary_data: Some([("objects.json.gz".to_owned(), ByteString(packed.to_vec()))].into()),
        ..ConfigMap::default()
    })
}

fn from_map(map: ConfigMap) -> Result<Release> {
    let name = map.metadata.name.unwrap_or_default();
    let broken = || Error::failed(format!("ConfigMap {name} is not a release record that msvc can read"));
    let field = |key: &str| map.data.as_ref().and_then(|d| d.get(key)).cloned();
    let packed = map.binary_data.and_then(|mut d| d.remove("objects.json.gz")).ok_or_else(broken)?;
    Ok(Release {
        revision: field("revision").and_then(|r| r.parse().ok()).ok_or_else(broken)?,
        status: field("status").and_then(|s| Status::named(&s)).ok_or_else(broken)?,
        images: field("images").and_then(|i| serde_json::from_str(&i).ok()).unwrap_or_default(),
        commit: field("commit"),
        who: field("who").unwrap_or_default(),
        when: field("when").and_then(|w| w.parse().ok()).ok_or_else(broken)?,
        objects: Packed::from_bytes(packed.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::Object;
    use serde_json::json;

    #[test]
    fn a_record_comes_back_as_it_was_written() {
        let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}});
        let objects = [Object::from_value(value, Some("orders")).unwrap()];
        let release = Release {
            revision: 7,
            status: Status::Failed,
            images: [("orders".to_owned(), "localhost:5000/orders@sha256:1".to_owned())].into(),
            commit: Some("v1-2-gabc".to_owned()),
            who: "mara".to_owned(),
            when: "2026-01-31T10:00:00Z".parse().unwrap(),
            objects: Packed::of(&objects).unwrap(),
        };
        let map = to_map("shop", &release).unwrap();
        assert_eq!(map.metadata.name.as_deref(), Some("msvc-shop-r7"));
        let back = from_map(map).unwrap();
        assert_eq!(back, release);
        assert_eq!(back.objects.objects().unwrap(), objects);
    }
}
