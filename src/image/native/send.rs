//! Brings images to a registry: parts that it lacks, then the manifests, and last the name.

use futures_util::future::try_join_all;

use super::assembled::Assembled;
use super::config;
use crate::error::{Error, Result};
use crate::image::plan::Plan;
use crate::image::sbom;
use crate::image::tags::is_release;
use crate::progress::Progress;
use crate::registry::{Blob, Reference, Session};

/// Pushes a service's image, made for one or several processors, under all of its names. Gives the digest.
///
/// # Errors
/// The registry refuses, or goes away; a release has that name and other content.
pub(super) async fn push(plan: &Plan, images: &[Assembled<'_>], progress: &dyn Progress) -> Result<String> {
    let (top, manifest) = config::top(images);
    for (place, reference) in plan.references.iter().enumerate() {
        let task = progress.task(&format!("push {reference}"));
        let session = Session::push(reference).await?;
        match session.named().await? {
            Some(there) if there.as_str() == top.digest => task.done("it was there already"),
            Some(_) if !plan.force && reference.tag().is_some_and(is_release) => return Err(overwrites(reference)),
            _ => {
                let sent = whole(&session, images).await?;
                session.name(&top.media_type, manifest.clone()).await?;
                let all: usize = images.iter().map(|image| image.layers.len() + 1).sum();
                task.done(&format!("{sent} of {all} parts were new"));
            }
        }
        // All names are of one repository.
        if place == 0 {
            attach(&session, images, plan, progress).await;
        }
    }
    Ok(top.digest)
}

/// A release would become another one.
pub(in crate::image) fn overwrites(reference: &Reference) -> Error {
    Error::failed(format!("{reference} is in its registry already, with other content"))
        .cause("its tag is that of a release, and others may run it")
        .hint("give this one another tag, or overwrite that one with `--force`")
}

/// Sees to it that the registry has all but the name; how many parts had to be sent.
async fn whole(session: &Session, images: &[Assembled<'_>]) -> Result<usize> {
    let sent = try_join_all(images.iter().map(|image| parts(session, image))).await?;
    if images.len() > 1 {
        for image in images {
            session.put_unnamed(&image.manifest.0.media_type, image.manifest.1.clone()).await?;
        }
    }
    Ok(sent.into_iter().sum())
}

/// Sees to it that the registry has all parts; how many had to be sent.
async fn parts(session: &Session, image: &Assembled<'_>) -> Result<usize> {
    let from = image.base.reference();
    let layers = image.layers.iter().enumerate().map(async |(place, blob)| {
        if is_there(session, blob, from).await? {
            return Ok(0);
        }
        session.put(blob, image.bytes(place).await?.into_owned()).await.map(|()| 1)
    });
    let config = async {
        if is_there(session, &image.config.0, None).await? {
            return Ok(0);
        }
        session.put(&image.config.0, image.config.1.clone()).await.map(|()| 1)
    };
    let (layers, config) = futures_util::future::try_join(try_join_all(layers), config).await?;
    Ok(layers.into_iter().sum::<usize>() + config)
}

/// Whether the repository has a part, or could take it over.
async fn is_there(session: &Session, blob: &Blob, from: Option<&Reference>) -> Result<bool> {
    if session.has(blob).await? {
        return Ok(true);
    }
    match from {
        Some(from) => Ok(session.mount(blob, from).await && session.has(blob).await?),
        None => Ok(false),
    }
}

/// The image is there, whether or not the registry takes what is said of it.
async fn attach(session: &Session, images: &[Assembled<'_>], plan: &Plan, progress: &dyn Progress) {
    for image in images {
        let Some(text) = &image.sbom else { continue };
        if let Err(e) = session.attach(&image.manifest.0, sbom::MEDIA_TYPE, &plan.created, text).await {
            let why = e.causes.first().unwrap_or(&e.message);
            progress.warning(&format!("{}: the bill of materials could not be attached: {why}", plan.service));
        }
    }
}
