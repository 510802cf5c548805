//! `msvc build`: images of the services, by the Docker engine or without one.

use std::time::Instant;

use schemars::JsonSchema;
use serde::Serialize;

use super::environment::Environment;
use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::image::{Choices, Dockerfile, Engine, Native, Plan, Recipe, native, plan};
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
    /// Tag instead of the one from git; may be given several times
    #[arg(long = "tag", value_name = "TAG", env = "MSVC_TAG", hide_env = true, value_delimiter = ',')]
    tags: Vec<String>,
    /// What builds the images; default: what msvc.yaml says, or docker
    #[arg(long, value_enum, env = "MSVC_BUILDER", hide_env = true)]
    builder: Option<BuilderChoice>,
    /// Platform to build for, for example linux/amd64; default: the engine's own
    #[arg(long = "platform", value_name = "PLATFORM", env = "MSVC_PLATFORM", hide_env = true, value_delimiter = ',')]
    platforms: Vec<String>,
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
    };
    let plans = plan(&settings, &choices)?;
    let images = context.block_on(build_all(&plans, args.push, &context.printer))?;
    context.printer.report(&BuildReport { api_version: crate::project::API_VERSION.to_owned(), images })?;
    Ok(Outcome::Done)
}

/// Builds, and if asked pushes, all images; in the plans' order.
pub(super) async fn build_all(plans: &[Plan], push: bool, progress: &dyn Progress) -> Result<Vec<ImageReport>> {
    let (mut by_engine, mut by_cargo) = (Vec::new(), Vec::new());
    for plan in plans {
        match &plan.recipe {
            Recipe::Docker(dockerfile) => by_engine.push((plan, dockerfile)),
            Recipe::Native(native) => by_cargo.push((plan, native)),
        }
    }
    let mut images = with_engine(&by_engine, push, progress).await?;
    images.extend(without_engine(&by_cargo, push, progress).await?);
    images.sort_by_key(|image| plans.iter().position(|plan| plan.service == image.service));
    Ok(images)
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
        let mut digest = built.id;
        if push {
            for reference in &plan.references {
                digest = engine.push(reference, progress).await?.digest.to_string();
            }
        }
        images.push(report(plan, digest, built.size, since, push)?);
    }
    Ok(images)
}

/// All by one run of cargo: each is told the time of the whole.
async fn without_engine(plans: &[(&Plan, &Native)], push: bool, progress: &dyn Progress) -> Result<Vec<ImageReport>> {
    let since = Instant::now();
    let made = native::build(plans, push, progress).await?;
    plans.iter().zip(made).map(|((plan, _), made)| report(plan, made.digest, made.size, since, push)).collect()
}

fn report(plan: &Plan, digest: String, size: u64, since: Instant, pushed: bool) -> Result<ImageReport> {
    let reference = plan.references.first();
    let reference = reference.ok_or_else(|| Error::usage(format!("the image of {} has no tag", plan.service)))?;
    Ok(ImageReport {
        service: plan.service.clone(),
        reference: reference.to_string(),
        digest,
        size,
        seconds: (since.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        pushed,
    })
}
