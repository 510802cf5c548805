//! Secrets: values go in and never come out. Passwords of backing services are made here, and what `msvc secret`
//! sets is written here.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use rand::Rng as _;
use rand::distr::Alphanumeric;

use super::backing::SecretPlan;
use super::client::Cluster;
use super::inventory::Entry;
use super::namespace;
use super::object::ObjectId;
use super::own::{self, Record};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::Settings;

/// Characters of a password: more than 230 bits.
const LENGTH: usize = 40;

/// Makes the Secret of the backing services, or the keys that it lacks; what is there is left alone.
///
/// # Errors
/// No rights; no answer.
pub async fn ensure(cluster: &Cluster, project: &str, plan: &SecretPlan) -> Result<()> {
    for _ in 0..3 {
        let Some(mut secret) = cluster.find::<Secret>(&plan.name).await? else {
            let data = plan.keys.iter().map(|key| (key.clone(), password())).collect();
            let metadata = own::metadata(plan.name.clone(), project, Record::Backing);
            if cluster.create(&Secret { metadata, data: Some(data), ..Secret::default() }).await?.is_some() {
                return Ok(());
            }
            continue;
        };
        let data = secret.data.get_or_insert_default();
        let lacking: Vec<&String> = plan.keys.iter().filter(|key| !data.contains_key(*key)).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        data.extend(lacking.into_iter().map(|key| (key.clone(), password())));
        if cluster.replace(&secret).await?.is_some() {
            return Ok(());
        }
    }
    Err(Error::failed(format!("Secret {} keeps changing", plan.name)))
}

/// The Secret of the backing services, as it stands in the inventory.
#[must_use]
pub fn entry(plan: &SecretPlan, namespace: &str) -> Entry {
    let id = ObjectId {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        namespace: Some(namespace.to_owned()),
        name: plan.name.clone(),
    };
    Entry { id, service: None }
}

fn password() -> ByteString {
    ByteString(rand::rng().sample_iter(Alphanumeric).take(LENGTH).collect())
}

/// A key of a Secret that services take a variable from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The Secret's name.
    pub secret: String,
    /// The key in it.
    pub key: String,
    /// Who takes it: `orders: DATABASE_URL`.
    pub used_by: Vec<String>,
}

/// What the project declares under `deploy.secrets`, each key once.
#[must_use]
pub fn declared(settings: &Settings) -> Vec<Declared> {
    let mut keys: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for service in &settings.services {
        for (variable, from) in &service.deploy.secrets {
            let user = format!("{}: {variable}", service.service.name);
            keys.entry((from.name.clone(), from.key.clone())).or_default().push(user);
        }
    }
    keys.into_iter().map(|((secret, key), used_by)| Declared { secret, key, used_by }).collect()
}

/// Which of the declared keys exist in the cluster.
///
/// # Errors
/// No rights; no answer.
pub async fn existing(cluster: &Cluster, declared: &[Declared]) -> Result<Vec<bool>> {
    let mut secrets: BTreeMap<&str, Option<Secret>> = BTreeMap::new();
    let mut found = Vec::with_capacity(declared.len());
    for one in declared {
        if !secrets.contains_key(one.secret.as_str()) {
            secrets.insert(&one.secret, cluster.find::<Secret>(&one.secret).await?);
        }
        let secret = secrets.get(one.secret.as_str()).and_then(Option::as_ref);
        found.push(secret.and_then(|s| s.data.as_ref()).is_some_and(|data| data.contains_key(&one.key)));
    }
    Ok(found)
}

/// Sets a key of a Secret, which is made if it is missing; other keys stay. Says whether the Secret is new.
///
/// # Errors
/// No rights; no answer.
pub async fn set(
    cluster: &Cluster,
    settings: &Settings,
    name: &str,
    key: &str,
    value: &[u8],
    progress: &dyn Progress,
) -> Result<bool> {
    // It is usually set before the first deploy.
    namespace::ensure(cluster, &settings.project, progress).await?;
    for _ in 0..3 {
        let value = ByteString(value.to_vec());
        let Some(mut secret) = cluster.find::<Secret>(name).await? else {
            let mut secret = Secret::default();
            secret.metadata.name = Some(name.to_owned());
            secret.data = Some([(key.to_owned(), value)].into());
            if cluster.create(&secret).await?.is_some() {
                return Ok(true);
            }
            continue;
        };
        secret.data.get_or_insert_default().insert(key.to_owned(), value);
        if cluster.replace(&secret).await?.is_some() {
            return Ok(false);
        }
    }
    Err(Error::failed(format!("Secret {name} keeps changing")))
}
