//! `msvc build`: images of the services, by the Docker engine or without one.

use std::path::{Path, PathBuf};
use std::time::Instant;

use futures_util::future::try_join_all;
use schemars::JsonSchema;
use serde::Serialize;

use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Context as _, Error, Result};
use crate::image::native::{self, Destination};
use crate::image::{Choices, Dockerfile, DockerfileChoices, Engine, Native, Part, Plan, Recipe, Secret, plan};
use crate::image::{inputs, sbom};
use crate::progress::Progress;
use crate::project::image::Builder;
use crate::ui::Report;

/// Arguments of `msvc build`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Services to build; default: all
    services: Vec<String>,
    #[command(flatten)]
    environment: Environment,
    /// Push the images to their registry
    #[arg(long, env = "MSVC_PUSH", hide_env = true)]
    push: bool,
    /// Write the images into a folder, as OCI image layouts (builder native)
    #[arg(long, value_name = "DIR", env = "MSVC_LAYOUT", hide_env = true, conflicts_with_all = ["push", "archive"])]
    layout: Option<PathBuf>,
    /// Write the images into a file, as `docker save` does (builder native)
    #[arg(long, value_name = "FILE", env = "MSVC_ARCHIVE", hide_env = true, conflicts_with = "push")]
    archive: Option<PathBuf>,
    /// Write what the image is made of into a file: CycloneDX, as JSON; by Cargo.lock where the builder is docker
    #[arg(long, value_name = "FILE", env = "MSVC_SBOM", hide_env = true)]
    sbom: Option<PathBuf>,
    /// Overwrite releases: tags such as v1.2.0 that stand for something else in the registry
    #[arg(long, env = "MSVC_FORCE", hide_env = true)]
    force: bool,
    /// Tag instead of the one from git; may be given several times
    #[arg(long = "tag", value_name = "TAG", env = "MSVC_TAG", hide_env = true, value_delimiter = ',')]
    tags: Vec<String>,
    /// What builds the images; default: what msvc.yaml says, or docker
    #[arg(long, value_enum, env = "MSVC_BUILDER", hide_env = true)]
    builder: Option<BuilderChoice>,
    /// Platform to build for, for example linux/amd64; default: the engine's own
    #[arg(long = "platform", value_name = "PLATFORM", env = "MSVC_PLATFORM", hide_env = true, value_delimiter = ',')]
    platforms: Vec<String>,
    #[command(flatten)]
    dockerfile: DockerfileArgs,
}

/// What only builds by a Dockerfile know.
#[derive(Debug, clap::Args)]
struct DockerfileArgs {
    /// Argument of the Dockerfile; without a value, the environment's (builder docker)
    #[arg(long = "build-arg", value_name = "NAME[=VALUE]", env = "MSVC_BUILD_ARG", hide_env = true)]
    arguments: Vec<String>,
    /// Secret that steps of the Dockerfile may read: id=NAME,src=FILE or id=NAME,env=VARIABLE (builder docker)
    #[arg(long = "secret", value_name = "SECRET", env = "MSVC_SECRET", hide_env = true)]
    secrets: Vec<String>,
    /// Stage of the Dockerfile to build up to (builder docker)
    #[arg(long, value_name = "STAGE", env = "MSVC_TARGET", hide_env = true)]
    target: Option<String>,
    /// Run all steps again (builder docker)
    #[arg(long, env = "MSVC_NO_CACHE", hide_env = true)]
    no_cache: bool,
    /// Look base images up again (builder docker)
    #[arg(long, env = "MSVC_PULL", hide_env = true)]
    pull: bool,
}

impl DockerfileArgs {
    /// Files of secrets count from `dir`.
    fn choices(&self, dir: &Path) -> Result<DockerfileChoices> {
        // As docker does: a name alone takes the environment's value, and is left out where there is none.
        let argument = |text: &String| match text.split_once('=') {
            Some((name, value)) => Some((name.to_owned(), value.to_owned())),
            None => std::env::var(text).ok().map(|value| (text.clone(), value)),
        };
        Ok(DockerfileChoices {
            arguments: self.arguments.iter().filter_map(argument).collect(),
            target: self.target.clone(),
            no_cache: self.no_cache,
            pull: self.pull,
            secrets: self.secrets.iter().map(|text| Secret::read(text, dir)).collect::<Result<_>>()?,
        })
    }
}

/// What may build images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum BuilderChoice {
    /// The Docker engine, from the Dockerfile
    Docker,
    /// cargo on this machine and no engine: the binary becomes a layer on its base
    Native,
}

impl From<BuilderChoice> for Builder {
    fn from(choice: BuilderChoice) -> Self {
        match choice {
            BuilderChoice::Docker => Self::Docker,
            BuilderChoice::Native => Self::Native,
        }
    }
}

/// What `msvc build` reports.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BuildReport {
    /// Version of this document: `msvc/v1`.
    pub api_version: String,
    /// The images, by service.
    pub images: Vec<ImageReport>,
}

/// One image.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImageReport {
    /// The service.
    pub service: String,
    /// The image's name with its tag.
    pub reference: String,
    /// The registry's digest, or where it was not pushed, the engine's id.
    pub digest: String,
    /// Size when unpacked, in bytes.
    pub size: u64,
    /// How long building and pushing took, in seconds.
    pub seconds: f64,
    /// What takes the space, the lowest layer first.
    pub layers: Vec<Part>,
    /// Whether it was pushed, and so can be pulled by its digest.
    #[serde(skip)]
    pub pushed: bool,
}

impl Report for BuildReport {
    fn text(&self) -> String {
        let line = |image: &ImageReport| {
            let digest = if image.pushed { format!("@{}", image.digest) } else { String::new() };
            format!("{}{digest}\n", image.reference)
        };
        self.images.iter().map(line).collect()
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let settings = args.environment.settings(context)?.select(&args.services)?;
    let choices = Choices {
        tags: args.tags.clone(),
        platforms: args.platforms.clone(),
        builder: args.builder.map(Builder::from),
        push: args.push,
        force: args.force,
        dockerfile: args.dockerfile.choices(&context.directory()?)?,
    };
    let plans = plan(&settings, &choices)?;
    let destination = destination(args, context)?;
    let native_only = [("--layout", args.layout.is_some()), ("--archive", args.archive.is_some())];
    let by_engine = plans.iter().find(|plan| matches!(plan.recipe, Recipe::Docker(_)));
    if let (Some(plan), Some((flag, _))) = (by_engine, native_only.iter().find(|(_, given)| *given)) {
        return Err(Error::usage(format!(
            "`{flag}` is for images that msvc makes itself, and {} is not",
            plan.service
        ))
        .hint("`--builder native` makes it; `docker save` writes one that the engine has"));
    }
    if args.sbom.is_some() && plans.len() != 1 {
        return Err(
            Error::usage("`--sbom` is for a single service").hint("name one, or take those that `--push` attaches")
        );
    }
    let (images, sboms) = context.block_on(async {
        // Whether it can be told, is known before minutes pass.
        let told = match plans.first().map(|plan| (plan, &plan.recipe)) {
            Some((plan, Recipe::Docker(dockerfile))) if args.sbom.is_some() => {
                Some(sbom::by_lock_file(plan, dockerfile).await?)
            }
            _ => None,
        };
        let (images, sboms) = build_all(&plans, &destination, &context.printer).await?;
        Ok::<_, Error>((images, told.into_iter().chain(sboms)))
    })?;
    write_sbom(args, sboms, context)?;
    context.printer.report(&BuildReport { api_version: crate::project::API_VERSION.to_owned(), images })?;
    Ok(Outcome::Done)
}

/// Writes what the single image is made of, where that was asked for.
fn write_sbom(args: &Args, mut sboms: impl Iterator<Item = Vec<u8>>, context: &Context) -> Result<()> {
    let Some(file) = &args.sbom else { return Ok(()) };
    let file = context.directory()?.join(file);
    let text = sboms.next().ok_or_else(|| Error::failed("cargo could not tell which crates are in the binary"))?;
    std::fs::write(&file, text).failed(|| format!("could not write {}", file.display()))
}

/// Paths count from where msvc was called.
fn destination(args: &Args, context: &Context) -> Result<Destination> {
    let within = |path: &PathBuf| Ok::<_, Error>(context.directory()?.join(path));
    Ok(match (&args.layout, &args.archive) {
        (Some(dir), _) => Destination::Layout(within(dir)?),
        (_, Some(file)) => Destination::Archive(within(file)?),
        _ if args.push => Destination::Registry,
        _ => Destination::Engine,
    })
}

/// Builds all images and brings them to where they go, in the plans' order; and what those by msvc are made of.
pub(super) async fn build_all(
    plans: &[Plan],
    destination: &Destination,
    progress: &dyn Progress,
) -> Result<(Vec<ImageReport>, Vec<Vec<u8>>)> {
    let (mut by_engine, mut by_cargo) = (Vec::new(), Vec::new());
    for plan in plans {
        match &plan.recipe {
            Recipe::Docker(dockerfile) => by_engine.push((plan, dockerfile)),
            Recipe::Native(native) => by_cargo.push((plan, native)),
        }
    }
    let pushed = *destination == Destination::Registry;
    if pushed {
        name_by_inputs(plans, progress).await;
    }
    let mut images = with_engine(&by_engine, pushed, progress).await?;
    let (without, sboms) = without_engine(&by_cargo, destination, progress).await?;
    images.extend(without);
    images.sort_by_key(|image| plans.iter().position(|plan| plan.service == image.service));
    if pushed {
        record(plans, &images, progress).await;
    }
    Ok((images, sboms))
}

/// Reads what the images are going to be made of. Where that can't be, a deploy builds once more.
async fn name_by_inputs(plans: &[Plan], progress: &dyn Progress) {
    let named = async {
        let shared = inputs::Shared::of(plans).await?;
        try_join_all(plans.iter().map(|plan| inputs::name_by_inputs(plan, &shared))).await
    };
    if let Err(e) = named.await {
        progress.detail(&format!("what the images are made of could not be read: {e}"));
    }
}

/// Notes in the registry what the images were made of, where it does not know that.
async fn record(plans: &[Plan], images: &[ImageReport], progress: &dyn Progress) {
    let recorded = async {
        let each = || plans.iter().zip(images);
        let known = try_join_all(each().map(|(plan, image)| inputs::is_recorded(plan, &image.digest))).await?;
        let new: Vec<_> = each().zip(known).filter(|(_, known)| !known).map(|(new, _)| new).collect();
        if new.is_empty() {
            return Ok(());
        }
        let shared = inputs::Shared::of(plans).await?;
        try_join_all(new.iter().map(|(plan, image)| inputs::record(plan, &image.digest, &shared))).await.map(drop)
    };
    if let Err(e) = recorded.await {
        progress.detail(&format!("what the images are made of could not be noted: {e}"));
    }
}

/// One image after another: they share the compiler's cache.
async fn with_engine(plans: &[(&Plan, &Dockerfile)], push: bool, progress: &dyn Progress) -> Result<Vec<ImageReport>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let engine = Engine::connect().await?;
    let mut images = Vec::with_capacity(plans.len());
    for (plan, dockerfile) in plans {
        let since = Instant::now();
        let built = engine.build(plan, dockerfile, progress).await?;
        progress.message(&format!(
            "{} built: {} steps, {} of them from the cache",
            plan.service, built.steps, built.cached
        ));
        let mut digest = built.id.clone();
        if push {
            for reference in &plan.references {
                engine.may_push(plan, reference, &built).await?;
                digest = engine.push(reference, progress).await?.digest.to_string();
            }
        }
        images.push(report(plan, digest, (built.size, built.parts), since, push)?);
    }
    Ok(images)
}

/// All by one run of cargo: each is told the time of the whole.
async fn without_engine(
    plans: &[(&Plan, &Native)],
    destination: &Destination,
    progress: &dyn Progress,
) -> Result<(Vec<ImageReport>, Vec<Vec<u8>>)> {
    let since = Instant::now();
    let pushed = *destination == Destination::Registry;
    let (mut images, mut sboms) = (Vec::with_capacity(plans.len()), Vec::new());
    for ((plan, _), made) in plans.iter().zip(native::build(plans, destination, progress).await?) {
        images.push(report(plan, made.digest, (made.size, made.parts), since, pushed)?);
        sboms.extend(made.sbom);
    }
    Ok((images, sboms))
}

fn report(
    plan: &Plan,
    digest: String,
    (size, layers): (u64, Vec<Part>),
    since: Instant,
    pushed: bool,
) -> Result<ImageReport> {
    let reference = plan.references.first();
    let reference = reference.ok_or_else(|| Error::usage(format!("the image of {} has no tag", plan.service)))?;
    Ok(ImageReport {
        service: plan.service.clone(),
        reference: reference.to_string(),
        digest,
        size,
        seconds: (since.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        layers,
        pushed,
    })
}
