//! Which image each service runs: named on the command line, from a file of `msvc build --output json`, or by git's tag;
//! for a deploy by digest, as the registry has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use futures_util::future::try_join_all;
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::build::build_all;
use crate::error::{Context as _, Error, Result};
use crate::image::native::Destination;
use crate::image::{Choices, Plan, inputs, plan, tag_for};
use crate::kubernetes::Images;
use crate::kubernetes::preflight::{Finding, missing_image};
use crate::progress::Progress;
use crate::project::{ServiceSettings, Settings};
use crate::registry::{self, Reference};

/// Which images a deploy is about, where it is not those of git's tag.
#[derive(Debug, clap::Args)]
pub struct Choice {
    /// Image to deploy, for a single service
    #[arg(long, value_name = "REF", env = "MSVC_IMAGE", hide_env = true, conflicts_with = "images")]
    image: Option<String>,
    /// Images to deploy: what `msvc build --output json` wrote
    #[arg(long, value_name = "FILE", env = "MSVC_IMAGES", hide_env = true)]
    images: Option<PathBuf>,
}

/// The images of a deploy, and what is wrong with them.
pub(super) struct Chosen {
    /// The image of every service that is selected, by digest where its registry has it, and a mere name for the others.
    pub images: Images,
    /// Those that their registries don't have.
    pub missing: Vec<Finding>,
}

impl Chosen {
    /// The images, where none is missing.
    ///
    /// # Errors
    /// Those that are missing, with how to bring them there.
    pub fn all(self) -> Result<Images> {
        let mut missing = self.missing.into_iter();
        let Some(first) = missing.next() else { return Ok(self.images) };
        Err(missing.fold(Error::failed(first.what), |error, next| error.cause(next.what)).hint(first.hint))
    }
}

/// The part of `msvc build --output json` that counts here.
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

/// Finds the image of every service that is `selected`.
///
/// # Errors
/// A registry that can't be asked; a file that can't be read.
pub(super) async fn choose(all: &Settings, selected: &Settings, choice: &Choice) -> Result<Chosen> {
    let built = choice.images.as_deref().map(read).transpose()?.unwrap_or_default();
    if choice.image.is_some() && selected.services.len() > 1 {
        let names: Vec<&str> = selected.services.iter().map(|s| s.service.name.as_str()).collect();
        return Err(Error::usage("--image is for a single service").hint(format!("name one of {}", names.join(", "))));
    }
    let mut images: BTreeMap<String, String> =
        all.services.iter().map(|s| (s.service.name.to_string(), s.repository.clone())).collect();
    let found = selected.services.iter().map(|service| one(&all.root, service, choice.image.as_deref(), &built));
    let mut missing = Vec::new();
    for (service, reference, there) in try_join_all(found).await? {
        if !there {
            missing.push(missing_image(&service, &reference));
        }
        images.insert(service, reference);
    }
    Ok(Chosen { images: Images(images), missing })
}

/// Sees to it that registries have the images of these services: what is made of the same as one that is there, gets its
/// name, and the rest is built and pushed.
///
/// # Errors
/// Those of `msvc build --push`; a registry that can't be asked.
pub(super) async fn build_missing(selected: &Settings, progress: &dyn Progress) -> Result<()> {
    let plans = plan(selected, &Choices { push: true, ..Choices::default() })?;
    let shared = OnceCell::new();
    let shared = || shared.get_or_try_init(|| inputs::Shared::of(&plans));
    let found = try_join_all(plans.iter().map(|plan| is_there(plan, shared, progress))).await?;
    let missing: Vec<Plan> = plans.into_iter().zip(found).filter(|(_, there)| !there).map(|(plan, _)| plan).collect();
    build_all(&missing, &Destination::Registry, progress).await.map(drop)
}

async fn is_there<'a, F>(plan: &Plan, shared: impl FnOnce() -> F, progress: &dyn Progress) -> Result<bool>
where
    F: Future<Output = Result<&'a inputs::Shared>>,
{
    let Some(reference) = plan.references.first() else { return Ok(false) };
    if registry::digest_of(&reference.to_string()).await?.is_some() {
        progress.message(&format!("{} is unchanged: {reference} is there", plan.service));
        return Ok(true);
    }
    let Some(digest) = inputs::reuse(plan, shared().await?).await? else { return Ok(false) };
    progress.message(&format!("{} is unchanged: {reference} is the image {digest}", plan.service));
    Ok(true)
}

/// The service, its image, and whether it is there; who names a digest is believed.
async fn one(
    root: &Path,
    service: &ServiceSettings,
    image: Option<&str>,
    built: &BTreeMap<String, String>,
) -> Result<(String, String, bool)> {
    let name = service.service.name.to_string();
    let reference = match (image, built.get(&name)) {
        (Some(image), _) => image.to_owned(),
        (None, Some(built)) => built.clone(),
        (None, None) => tagged(root, service)?,
    };
    let parsed: Reference = reference.parse()?;
    if parsed.digest().is_some() {
        return Ok((name, reference, true));
    }
    let Some(digest) = registry::digest_of(&reference).await? else { return Ok((name, reference, false)) };
    let is_ours = image.is_none() && !built.contains_key(&name);
    let parsed = if is_ours { inputs::first_name(parsed, digest.as_str()).await? } else { parsed };
    Ok((name, format!("{parsed}@{}", digest.as_str()), true))
}

/// All images of a project carry the tag of its root.
fn tagged(root: &Path, service: &ServiceSettings) -> Result<String> {
    let name = &service.service.name;
    if !service.repository.contains('/') {
        return Err(Error::usage(format!("there is no registry to deploy service `{name}` from"))
            .hint("`registry` of the environment in msvc.yaml names it, or `image: { repository: }` of the service"));
    }
    Ok(format!("{}:{}", service.repository, tag_for(root)?))
}

/// The images that a build wrote down, one of every service; `-` reads standard input.
///
/// # Errors
/// The file can't be read, is not what a build prints, or lacks one of the services (exit code 2).
pub(super) fn from_file(file: &Path, settings: &Settings) -> Result<Images> {
    let images = read(file)?;
    for service in &settings.services {
        if !images.contains_key(service.service.name.as_str()) {
            return Err(Error::invalid(format!(
                "{} names no image of service `{}`",
                file.display(),
                service.service.name
            ))
            .hint("build them all, or name them all on the command line of one `msvc build`"));
        }
    }
    Ok(Images(images))
}

/// The images that a build of the services as they lie there would make.
///
/// # Errors
/// The repository or a file can't be read.
pub(super) fn by_tag(settings: &Settings) -> Result<Images> {
    let tag = tag_for(&settings.root)?;
    let image = |s: &ServiceSettings| (s.service.name.to_string(), format!("{}:{tag}", s.repository));
    Ok(Images(settings.services.iter().map(image).collect()))
}

/// Service to reference, by digest where the build knew one.
fn read(file: &Path) -> Result<BTreeMap<String, String>> {
    let shown = file.display();
    let text =
        if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let built: Built = serde_json::from_str(&text.invalid(|| format!("could not read {shown}"))?).map_err(|e| {
        Error::invalid(format!("{shown} is not valid"))
            .cause(format!("{shown}:{}:{}: {}", e.line(), e.column(), without_place(&e.to_string())))
            .hint("`--images` takes what `msvc build --output json` prints")
    })?;
    Ok(built.images.into_iter().map(|i| (i.service.clone(), pinned(i))).collect())
}

/// The message of a JSON error without the place that ends it.
fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// Tag and digest: the digest decides what runs, the tag says what it is.
fn pinned(image: BuiltImage) -> String {
    match image.digest {
        Some(digest) if !image.reference.contains('@') => format!("{}@{digest}", image.reference),
        _ => image.reference,
    }
}
