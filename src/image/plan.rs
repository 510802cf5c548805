//! What is going to be built, decided before anybody is asked: names, labels, and what its builder needs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::labels::labels;
use super::native::here;
use super::tags::{Source, tag};
use crate::error::{Context, Error, Result};
use crate::project::image::Builder;
use crate::project::{ServiceSettings, Settings};
use crate::registry::Reference;

/// What the user chose on the command line.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Tags to use instead of the one from git.
    pub tags: Vec<String>,
    /// Platforms to use instead of those of msvc.yaml.
    pub platforms: Vec<String>,
    /// The builder to use instead of that of msvc.yaml.
    pub builder: Option<Builder>,
    /// Whether the images are going to be pushed.
    pub push: bool,
}

/// The image of one service, to be built.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The service's name.
    pub service: String,
    /// The image's names: the first is the one that is told of, the others stand beside it.
    pub references: Vec<Reference>,
    /// How it is built.
    pub recipe: Recipe,
    /// The project's name.
    pub(super) project: String,
    pub(super) root: PathBuf,
    pub(super) labels: HashMap<String, String>,
}

/// How an image is built.
#[derive(Debug, Clone)]
pub enum Recipe {
    /// By the Docker engine.
    Docker(Dockerfile),
    /// By cargo on this machine.
    Native(Native),
}

/// What the Docker engine is told.
#[derive(Debug, Clone)]
pub struct Dockerfile {
    pub(super) path: PathBuf,
    pub(super) platform: Option<String>,
    pub(super) arguments: HashMap<String, String>,
    /// Registries that the Dockerfile takes images from.
    pub(super) registries: Vec<String>,
}

/// What an image without an engine is made of.
#[derive(Debug, Clone)]
pub struct Native {
    /// The service's folder.
    pub(super) dir: PathBuf,
    pub(super) base: String,
    pub(super) architecture: String,
    /// The port of its API.
    pub(super) port: u16,
    /// The time that all in the image carries, in seconds of Unix.
    pub(super) time: u64,
}

/// Where generated services run: without a shell, as nobody in particular.
const BASE: &str = "gcr.io/distroless/cc-debian12:nonroot";

/// The images of the project's services. All of them carry the tag of the project as a whole: they were made of the
/// same source.
///
/// # Errors
/// A service has no Dockerfile, a name is none, or something is asked for that the builder can't do.
pub fn plan(settings: &Settings, choices: &Choices) -> Result<Vec<Plan>> {
    let source = Source::of(&settings.root)?;
    let version = tag(&source);
    for tag in &choices.tags {
        is_tag(tag)?;
    }
    let tags = if choices.tags.is_empty() { vec![version.clone()] } else { choices.tags.clone() };
    settings.services.iter().map(|service| plan_one(settings, service, choices, &tags, &version, &source)).collect()
}

fn plan_one(
    settings: &Settings,
    service: &ServiceSettings,
    choices: &Choices,
    tags: &[String],
    version: &str,
    source: &Source,
) -> Result<Plan> {
    let name = service.service.name.to_string();
    if choices.push && !service.repository.contains('/') {
        return Err(Error::usage(format!("there is no registry to push {name} to")).hint(
            "name one in msvc.yaml: `registry:` in the environment, or `image: { repository: .. }` in the service",
        ));
    }
    let references = tags.iter().map(|tag| format!("{}:{tag}", service.repository).parse()).collect::<Result<_>>()?;
    let recipe = match choices.builder.or(service.image.builder) {
        Some(Builder::Native) => Recipe::Native(native(&name, service, choices, source)?),
        Some(Builder::Docker) | None => Recipe::Docker(docker(settings, &name, service, choices)?),
    };
    let labels = labels(&name, version, source);
    let project = settings.project.clone();
    Ok(Plan { references, recipe, project, root: settings.root.clone(), labels, service: name })
}

fn docker(settings: &Settings, name: &str, service: &ServiceSettings, choices: &Choices) -> Result<Dockerfile> {
    let (path, text) = dockerfile(&settings.root, &service.dir, name)?;
    let arguments = [("SERVICE", Some(name.to_owned())), ("BASE", service.image.base.clone())]
        .into_iter()
        .filter(|(key, _)| declares(&text, key))
        .filter_map(|(key, value)| value.map(|value| (key.to_owned(), value)))
        .collect();
    Ok(Dockerfile { path, platform: platform(name, service, choices)?, arguments, registries: registries(&text) })
}

fn native(name: &str, service: &ServiceSettings, choices: &Choices, source: &Source) -> Result<Native> {
    let platform = platform(name, service, choices)?;
    let architecture = match platform.as_deref().map(|platform| platform.split_once('/')) {
        None => here().to_owned(),
        Some(Some(("linux", architecture))) => architecture.to_owned(),
        Some(_) => {
            return Err(Error::usage(format!("{name} can't be built for {}", platform.unwrap_or_default()))
                .hint("the native builder makes images for linux/amd64 and linux/arm64"));
        }
    };
    // By the convention of reproducible-builds.org; else the commit's time, which is as good for everybody who has it.
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let time = given.or_else(|| source.time()).unwrap_or_default();
    let base = service.image.base.clone().unwrap_or_else(|| BASE.to_owned());
    Ok(Native { dir: service.dir.clone(), base, architecture, port: service.service.port.number(), time })
}

fn is_tag(tag: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if (1..=128).contains(&tag.len()) && tag.chars().all(fits) && !tag.starts_with(['.', '-']) {
        return Ok(());
    }
    Err(Error::usage(format!("`{tag}` is not a tag"))
        .hint("tags are up to 128 letters, digits, `_`, `.` and `-`, and start with none of the last two"))
}

/// The service's own Dockerfile, or the project's, relative to the project; and its text.
fn dockerfile(root: &Path, dir: &Path, service: &str) -> Result<(PathBuf, String)> {
    for folder in [dir, root] {
        let file = folder.join("Dockerfile");
        match std::fs::read_to_string(&file) {
            Ok(text) => return Ok((file.strip_prefix(root).unwrap_or(&file).to_owned(), text)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(e).failed(|| format!("could not read {}", file.display())),
        }
    }
    Err(Error::usage(format!("{service} has no Dockerfile"))
        .cause(format!("neither {} nor the project's folder holds one", dir.display())))
}

fn platform(name: &str, service: &ServiceSettings, choices: &Choices) -> Result<Option<String>> {
    let platforms = if choices.platforms.is_empty() { &service.image.platforms } else { &choices.platforms };
    match platforms.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several => Err(Error::usage(format!("{name} can't be built for {} at once", several.join(" and ")))
            .cause("an image is made for one platform")
            .hint("choose one with `--platform`")),
    }
}

fn declares(dockerfile: &str, argument: &str) -> bool {
    instructions(dockerfile, "ARG").any(|rest| rest.split('=').next().is_some_and(|name| name.trim() == argument))
}

/// Registries of the images that a Dockerfile names.
fn registries(dockerfile: &str) -> Vec<String> {
    let images = instructions(dockerfile, "FROM")
        .filter_map(|rest| rest.split_whitespace().find(|word| !word.starts_with("--")).map(str::to_owned));
    let mut registries: Vec<String> = images
        .filter_map(|image| image.parse::<Reference>().ok())
        .map(|reference| reference.registry().to_owned())
        .collect();
    registries.sort();
    registries.dedup();
    registries
}

/// What follows `keyword` on the lines that begin with it.
fn instructions<'a>(dockerfile: &'a str, keyword: &'a str) -> impl Iterator<Item = &'a str> {
    dockerfile.lines().filter_map(move |line| {
        let (word, rest) = line.trim().split_once(char::is_whitespace)?;
        word.eq_ignore_ascii_case(keyword).then(|| rest.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::{declares, registries};

    const DOCKERFILE: &str = "ARG BASE=gcr.io/distroless/cc\nFROM --platform=$BUILDPLATFORM rust:1 AS build\n\
                              ARG SERVICE\nFROM ${BASE}\nfrom ghcr.io/acme/base:1\n";

    #[test]
    fn a_dockerfile_says_what_it_needs() {
        assert!(declares(DOCKERFILE, "SERVICE") && declares(DOCKERFILE, "BASE") && !declares(DOCKERFILE, "BAS"));
        assert_eq!(registries(DOCKERFILE), ["docker.io", "ghcr.io"]);
    }
}
