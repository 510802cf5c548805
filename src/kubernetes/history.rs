//! The deploys on record, and the way back to one of them: all of its objects again, as a deploy of its own.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use schemars::JsonSchema;
use serde::Serialize;

use super::Images;
use super::client::Cluster;
use super::deploy::{Deployed, Request, carry_out};
use super::release::{self, Release, Status};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::project::Settings;
use crate::registry;

/// The deploys on record.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Version of this document: `msvc/v1`.
    pub api_version: &'static str,
    /// `History`.
    pub kind: &'static str,
    /// The environment; `null` where the project declares none.
    pub environment: Option<String>,
    /// The deploys, the newest first.
    pub revisions: Vec<Revision>,
}

/// A deploy on record.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Revision {
    /// Its number.
    pub revision: u32,
    /// `pending`, `deployed` or `failed`.
    pub status: &'static str,
    /// Who deployed.
    pub who: String,
    /// When it began, RFC 3339.
    pub when: String,
    /// The git commit that it was made from.
    pub commit: Option<String>,
    /// The image of each service.
    pub images: BTreeMap<String, String>,
}

/// Reads the deploys on record.
///
/// # Errors
/// The cluster can't be reached, or does not let this user look.
pub async fn history(settings: &Settings) -> Result<History> {
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let releases = release::list(&cluster, &settings.project).await?;
    let revision = |r: Release| Revision {
        revision: r.revision,
        status: r.status.name(),
        who: r.who,
        when: r.when.to_string(),
        commit: r.commit,
        images: r.images,
    };
    Ok(History {
        api_version: crate::project::API_VERSION,
        kind: "History",
        environment: settings.environment.clone(),
        revisions: releases.into_iter().map(revision).collect(),
    })
}

/// Deploys revision `to` again, or the last one before the newest that came to run. The images and commit of
/// `request` are not looked at.
///
/// # Errors
/// There is no such revision, or an image of it is gone, before anything is changed; those of a deploy.
pub async fn rollback(request: &Request<'_>, to: Option<u32>, progress: &dyn Progress) -> Result<Deployed> {
    let settings = request.settings;
    let cluster = Cluster::connect(settings.context.as_deref(), &settings.namespace).await?;
    let releases = release::list(&cluster, &settings.project).await?;
    let target = choose(&releases, to)?;
    try_join_all(target.images.iter().map(|(service, image)| still_there(target, service, image))).await?;
    progress.message(&format!("going back to revision {}", target.revision));
    let images = Images(target.images.clone());
    let request = Request { images: &images, commit: target.commit.clone(), ..request.clone() };
    carry_out(&cluster, &request, target.objects.objects()?, progress).await
}

fn choose(releases: &[Release], to: Option<u32>) -> Result<&Release> {
    let known: Vec<String> = releases.iter().map(|r| r.revision.to_string()).collect();
    let found = match to {
        Some(number) => releases.iter().find(|r| r.revision == number),
        None => releases.iter().skip(1).find(|r| r.status == Status::Deployed),
    };
    found.ok_or_else(|| {
        let error = match to {
            Some(number) => Error::usage(format!("there is no revision {number} on record")),
            None => Error::failed("there is no earlier revision that came to run"),
        };
        if known.is_empty() {
            error.hint("nothing is deployed")
        } else {
            error.hint(format!("on record: {}", known.join(", ")))
        }
    })
}

async fn still_there(target: &Release, service: &str, image: &str) -> Result<()> {
    match registry::digest_of(image).await? {
        Some(_) => Ok(()),
        None => Err(Error::failed(format!("can't go back to revision {}", target.revision))
            .cause(format!("the image of service `{service}` is gone from its registry: {image}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::packed::Packed;

    fn release(revision: u32, status: Status) -> Release {
        Release {
            revision,
            status,
            images: BTreeMap::new(),
            commit: None,
            who: String::new(),
            when: "2026-01-31T10:00:00Z".parse().unwrap(),
            objects: Packed::of([]).unwrap(),
        }
    }

    #[test]
    fn without_a_number_it_goes_back_to_the_last_that_ran() {
        let all = [release(4, Status::Failed), release(3, Status::Failed), release(2, Status::Deployed)];
        assert_eq!(choose(&all, None).unwrap().revision, 2);
        assert_eq!(choose(&all, Some(3)).unwrap().revision, 3);
        let error = choose(&all, Some(1)).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.hints[0].as_str()),
            ("there is no revision 1 on record", "on record: 4, 3, 2")
        );
        assert!(choose(&all[2..], None).is_err());
    }
}
