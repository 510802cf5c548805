//! Which images are deployed: those named, or the ones that the project's tags stand for in the registry; by digest.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::future::try_join_all;
use serde::Deserialize;

use crate::error::{Context as _, Error, Result};
use crate::image::tag_for;
use crate::kubernetes::Images;
use crate::project::{ServiceSettings, Settings};
use crate::registry::{self, Reference};

/// What the command line says about images.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Choice<'a> {
    /// The image of the only service.
    pub image: Option<&'a str>,
    /// A file that `build --output json` wrote.
    pub images: Option<&'a Path>,
}

#[derive(Deserialize)]
struct Built {
    images: Vec<BuiltImage>,
}

#[derive(Deserialize)]
struct BuiltImage {
    service: String,
    reference: String,
    #[serde(default)]
    digest: Option<String>,
}

/// The image of every service that is `selected`, by digest, and a mere name for the others.
///
/// # Errors
/// An image that its registry does not have, with how to bring it there; a registry that can't be asked; a file that
/// can't be read.
pub(super) async fn choose(all: &Settings, selected: &Settings, choice: Choice<'_>) -> Result<Images> {
    let built = choice.images.map(read).transpose()?.unwrap_or_default();
    if choice.image.is_some() && selected.services.len() > 1 {
        let names: Vec<&str> = selected.services.iter().map(|s| s.service.name.as_str()).collect();
        return Err(Error::usage("--image is for a single service").hint(format!("name one of {}", names.join(", "))));
    }
    let mut images: BTreeMap<String, String> =
        all.services.iter().map(|s| (s.service.name.to_string(), s.repository.clone())).collect();
    let found = selected.services.iter().map(|service| one(service, choice.image, &built));
    images.extend(try_join_all(found).await?);
    Ok(Images(images))
}

async fn one(
    service: &ServiceSettings,
    image: Option<&str>,
    built: &BTreeMap<String, String>,
) -> Result<(String, String)> {
    let name = service.service.name.to_string();
    let reference = match (image, built.get(&name)) {
        (Some(image), _) => image.to_owned(),
        (None, Some(built)) => built.clone(),
        (None, None) => tagged(service)?,
    };
    let parsed: Reference = reference.parse()?;
    if parsed.digest().is_some() {
        return Ok((name, reference));
    }
    match registry::digest_of(&reference).await? {
        Some(digest) => Ok((name, format!("{reference}@{}", digest.as_str()))),
        None => Err(Error::failed(format!("the image of service `{name}` is not in its registry"))
            .cause(format!("there is no {reference}"))
            .hint("`msvc build --push` brings it there; `--image` deploys another")),
    }
}

fn tagged(service: &ServiceSettings) -> Result<String> {
    let name = &service.service.name;
    if !service.repository.contains('/') {
        return Err(Error::usage(format!("there is no registry to deploy service `{name}` from"))
            .hint("`registry` of the environment in msvc.yaml names it, or `image: { repository: }` of the service"));
    }
    Ok(format!("{}:{}", service.repository, tag_for(&service.dir)?))
}

/// Service to reference with digest.
fn read(file: &Path) -> Result<BTreeMap<String, String>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).invalid(|| format!("could not read {shown}"))?;
    let built: Built =
        serde_json::from_str(&text).invalid(|| format!("{shown} is not what `msvc build --output json` writes"))?;
    let full = |b: BuiltImage| match b.digest {
        Some(digest) if !b.reference.contains('@') => (b.service, format!("{}@{digest}", b.reference)),
        _ => (b.service, b.reference),
    };
    Ok(built.images.into_iter().map(full).collect())
}
