//! What is going to be built, decided before anybody is asked: names, labels, and what its builder needs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use super::labels::{self, labels};
use super::native::here;
use super::secrets::Secret;
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
    /// Whether a release may be overwritten.
    pub force: bool,
    /// What only the Docker engine is told.
    pub dockerfile: DockerfileChoices,
}

/// What the user chose for builds by a Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerfileChoices {
    /// Its arguments.
    pub arguments: Vec<(String, String)>,
    /// The stage to build up to.
    pub target: Option<String>,
    /// Whether all steps run again.
    pub no_cache: bool,
    /// Whether base images are looked up again.
    pub pull: bool,
    /// What its steps may read while they run.
    pub secrets: Vec<Secret>,
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
    /// Whether a release may be overwritten.
    pub(super) force: bool,
    /// The source's time, as RFC 3339.
    pub(super) created: String,
    /// Its name by what it is made of, once that was calculated.
    pub(super) by_inputs: OnceCell<Option<Reference>>,
}

/// How an image is built.
#[derive(Debug, Clone)]
pub enum Recipe {
    /// By the Docker engine.
    Docker(Dockerfile),
    /// By cargo on this machine.
    Native(Native),
}

impl Recipe {
    /// The service's folder.
    pub(super) fn dir(&self) -> Option<&Path> {
        match self {
            Self::Docker(dockerfile) => dockerfile.dir.as_deref(),
            Self::Native(native) => Some(&native.dir),
        }
    }
}

/// What the Docker engine is told.
#[derive(Debug, Clone)]
pub struct Dockerfile {
    pub(super) path: PathBuf,
    /// The service's folder, where its image is made of nothing but what its package uses: by the project's Dockerfile.
    pub(super) dir: Option<PathBuf>,
    pub(super) target: Option<String>,
    pub(super) no_cache: bool,
    pub(super) pull: bool,
    pub(super) platform: Option<String>,
    pub(super) arguments: HashMap<String, String>,
    pub(super) secrets: Vec<Secret>,
    /// Registries that the Dockerfile takes images from.
    pub(super) registries: Vec<String>,
}

/// What an image without an engine is made of.
#[derive(Debug, Clone)]
pub struct Native {
    /// The service's folder.
    pub(super) dir: PathBuf,
    pub(super) base: String,
    /// The processors to build for.
    pub(super) architectures: Vec<String>,
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
    let time = time(source);
    let references = tags.iter().map(|tag| format!("{}:{tag}", service.repository).parse()).collect::<Result<_>>()?;
    let native_builder = choices.builder.or(service.image.builder) == Some(Builder::Native);
    if native_builder && choices.dockerfile != DockerfileChoices::default() {
        return Err(Error::usage(format!("{name} is built without a Dockerfile"))
            .cause("`--build-arg`, `--secret`, `--target`, `--no-cache` and `--pull` are for Dockerfiles")
            .hint("`--builder docker` builds by one"));
    }
    let recipe = match choices.builder.or(service.image.builder) {
        Some(Builder::Native) => Recipe::Native(native(&name, service, choices, time)?),
        Some(Builder::Docker) | None => Recipe::Docker(docker(settings, &name, service, choices)?),
    };
    Ok(Plan {
        references,
        recipe,
        project: settings.project.clone(),
        root: settings.root.clone(),
        labels: labels(&name, version, source, time),
        force: choices.force,
        created: labels::created(time),
        by_inputs: OnceCell::new(),
        service: name,
    })
}

fn docker(settings: &Settings, name: &str, service: &ServiceSettings, choices: &Choices) -> Result<Dockerfile> {
    let (path, text) = dockerfile(&settings.root, &service.dir, name)?;
    let DockerfileChoices { arguments: given, target, no_cache, pull, secrets } = choices.dockerfile.clone();
    let arguments = [("SERVICE", Some(name.to_owned())), ("BASE", service.image.base.clone())]
        .into_iter()
        .filter(|(key, _)| declares(&text, key))
        .filter_map(|(key, value)| value.map(|value| (key.to_owned(), value)))
        .chain(given)
        .collect();
    let shared = path == Path::new("Dockerfile");
    Ok(Dockerfile {
        dir: shared.then(|| service.dir.clone()),
        platform: platform(name, service, choices)?,
        registries: registries(&text),
        path,
        target,
        no_cache,
        pull,
        arguments,
        secrets,
    })
}

fn native(name: &str, service: &ServiceSettings, choices: &Choices, time: u64) -> Result<Native> {
    let architecture = |platform: &String| match platform.split_once('/') {
        Some(("linux", architecture)) => Ok(architecture.to_owned()),
        _ => Err(Error::usage(format!("{name} can't be built for {platform}"))
            .hint("the native builder makes images for linux/amd64 and linux/arm64")),
    };
    let mut architectures = platforms(service, choices).iter().map(architecture).collect::<Result<Vec<_>>>()?;
    architectures.sort();
    architectures.dedup();
    if architectures.is_empty() {
        architectures.push(here().to_owned());
    }
    let base = service.image.base.clone().unwrap_or_else(|| BASE.to_owned());
    Ok(Native { dir: service.dir.clone(), base, architectures, port: service.service.port.number(), time })
}

/// When the source was made, by the convention of reproducible-builds.org; else the commit's time, which is as good for
/// everybody who has it.
fn time(source: &Source) -> u64 {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    given.or_else(|| source.time()).unwrap_or_default()
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
    match platforms(service, choices) {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several => Err(Error::usage(format!("{name} can't be built for {} at once", several.join(" and ")))
            .cause("the engine makes an image for one platform")
            .hint("choose one with `--platform`, or build with `--builder native`")),
    }
}

fn platforms<'a>(service: &'a ServiceSettings, choices: &'a Choices) -> &'a [String] {
    if choices.platforms.is_empty() { &service.image.platforms } else { &choices.platforms }
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
impl Plan {
    /// One for tests: the native image of a service `orders`, on nothing.
    pub(super) fn example(architectures: &[&str]) -> (Self, Native) {
        let native = Native {
            dir: PathBuf::from("/orders"),
            base: "scratch".to_owned(),
            architectures: architectures.iter().map(|&one| one.to_owned()).collect(),
            port: 8080,
            time: 1_700_000_000,
        };
        let plan = Self {
            service: "orders".to_owned(),
            references: vec!["localhost:5000/orders:v1".parse().unwrap()],
            recipe: Recipe::Native(native.clone()),
            project: "orders".to_owned(),
            root: PathBuf::from("/orders"),
            labels: HashMap::new(),
            force: false,
            created: labels::created(native.time),
            by_inputs: OnceCell::new(),
        };
        (plan, native)
    }
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
