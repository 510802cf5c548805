//! Images without an engine: cargo builds on this machine, the binary becomes a layer on a base image, and the registry
//! takes it by the OCI distribution protocol.

mod assembled;
mod audit;
mod base;
mod binary;
mod cache;
mod compile;
mod config;
mod layer;
mod layout;
mod send;
mod space;
mod system;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

use futures_util::future::try_join;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

pub(super) use compile::{here, target};
pub(super) use send::overwrites;

use self::assembled::Assembled;
use self::base::Base;
use self::compile::Compiled;
use super::docker::{Engine, amount};
use super::plan::{Native, Plan};
use super::size::Part;
use crate::error::{Context, Error, Result};
use crate::progress::Progress;

/// How many services are sent at once.
const AT_ONCE: usize = 4;

const WITHOUT: &str = "`--push` needs none: it takes the image to the registry";

/// Where images go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// To their registries.
    Registry,
    /// Into the engine of this machine.
    Engine,
    /// Into a folder, as an OCI image layout; of several services, each into a folder within.
    Layout(PathBuf),
    /// Into a file, as `docker save` writes it.
    Archive(PathBuf),
}

/// An image that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The registry's digest, or where it went into an engine, the engine's id.
    pub digest: String,
    /// Its size when unpacked, in bytes.
    pub size: u64,
    /// What takes the space.
    pub parts: Vec<Part>,
    /// What it is made of, as CycloneDX, where cargo could tell.
    pub sbom: Option<Vec<u8>>,
}

/// A service and what cargo made of it, for each processor.
type Binaries = Vec<Vec<Compiled>>;

/// Bases, by their names and processors.
type Bases<'a> = BTreeMap<(&'a str, &'a str), Base>;

/// Builds these services and brings their images to where they go; in the plans' order.
///
/// # Errors
/// The code does not build, a binary would not start on its base, a registry or the engine refuses, a file can't be
/// written.
pub async fn build(
    plans: &[(&Plan, &Native)],
    destination: &Destination,
    progress: &dyn Progress,
) -> Result<Vec<Made>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    can_be_built(plans, destination)?;
    // Whether there is one, is known before minutes pass.
    let engine = match destination {
        Destination::Engine => Some(Engine::connect().await.map_err(|e| e.hint(WITHOUT))?),
        _ => None,
    };
    // A base that can't be had ends the build early.
    let (binaries, bases) = try_join(binaries(plans, progress), bases(plans, progress)).await?;
    let images = assemble(plans, &binaries, &bases)?;
    let digests = match (destination, &engine) {
        (Destination::Archive(file), _) => archive(file, &images).await?,
        (Destination::Engine, Some(engine)) => load(engine, &images).await?,
        _ => send(destination, &images, progress).await?,
    };
    let made = images.iter().zip(digests).map(|((plan, images), digest)| told(plan, images, digest, progress));
    Ok(made.collect())
}

async fn binaries(plans: &[(&Plan, &Native)], progress: &dyn Progress) -> Result<Binaries> {
    let architectures = plans.first().map_or(&[][..], |(_, native)| &native.architectures);
    let mut binaries = Vec::with_capacity(architectures.len());
    for architecture in architectures {
        binaries.push(compile::compile(plans, architecture, progress).await?);
    }
    Ok(binaries)
}

async fn bases<'a>(plans: &[(&Plan, &'a Native)], progress: &dyn Progress) -> Result<Bases<'a>> {
    let mut bases = BTreeMap::new();
    for (_, native) in plans {
        for architecture in &native.architectures {
            if let Entry::Vacant(unknown) = bases.entry((native.base.as_str(), architecture.as_str())) {
                unknown.insert(Base::get(&native.base, architecture, progress).await?);
            }
        }
    }
    Ok(bases)
}

/// Lays binaries upon their bases, as many at once as there are processors.
fn assemble<'a>(
    plans: &[(&'a Plan, &'a Native)],
    binaries: &Binaries,
    bases: &'a Bases<'a>,
) -> Result<Vec<(&'a Plan, Vec<Assembled<'a>>)>> {
    let one = |(place, (plan, native)): (usize, &(&'a Plan, &'a Native))| {
        let each = native.architectures.iter().zip(binaries).map(|(architecture, built)| {
            let base = &bases[&(native.base.as_str(), architecture.as_str())];
            let Compiled { executable, crates } = &built[place];
            Assembled::new(plan, native, base, architecture, (executable, crates))
        });
        Ok((*plan, each.collect::<Result<Vec<_>>>()?))
    };
    let places: Vec<_> = plans.iter().enumerate().collect();
    let mut images = Vec::with_capacity(plans.len());
    for some in places.chunks(std::thread::available_parallelism().map_or(1, usize::from)) {
        let done: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = some.iter().map(|next| scope.spawn(|| one(*next))).collect();
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|e| resume_unwind(e))).collect()
        });
        images.extend(done.into_iter().collect::<Result<Vec<_>>>()?);
    }
    Ok(images)
}

fn can_be_built(plans: &[(&Plan, &Native)], destination: &Destination) -> Result<()> {
    let architectures = plans.first().map_or(&[][..], |(_, native)| &native.architectures);
    if plans.iter().any(|(_, other)| other.architectures != architectures) {
        return Err(Error::usage("services for different platforms are built one platform at a time")
            .hint("`--platform` names those for all"));
    }
    if architectures.len() > 1 && matches!(destination, Destination::Engine | Destination::Archive(_)) {
        return Err(Error::usage("an image for several platforms goes to a registry or into an OCI layout")
            .hint("`--push` or `--layout DIR`; or name one platform with `--platform`"));
    }
    Ok(())
}

type Images<'a> = [(&'a Plan, Vec<Assembled<'a>>)];

/// Some services at once, and all parts of one.
async fn send(destination: &Destination, images: &Images<'_>, progress: &dyn Progress) -> Result<Vec<String>> {
    let one = async |(plan, each): &(&Plan, Vec<Assembled<'_>>)| match destination {
        Destination::Layout(dir) => {
            let dir = if images.len() == 1 { dir.clone() } else { dir.join(&plan.service) };
            layout::write(&dir, plan, each).await?;
            Ok(config::top(each).0.digest)
        }
        _ => send::push(plan, each, progress).await,
    };
    stream::iter(images.iter().map(one)).buffered(AT_ONCE).try_collect().await
}

async fn archive(file: &Path, images: &Images<'_>) -> Result<Vec<String>> {
    let each: Vec<(&Plan, &Assembled<'_>)> = images.iter().flat_map(|(plan, i)| i.iter().map(|i| (*plan, i))).collect();
    let bytes = layout::archive(&each).await?;
    std::fs::write(file, bytes).failed(|| format!("could not write {}", file.display()))?;
    Ok(each.iter().map(|(_, image)| image.config.0.digest.clone()).collect())
}

async fn load(engine: &Engine, images: &Images<'_>) -> Result<Vec<String>> {
    let mut digests = Vec::with_capacity(images.len());
    for (plan, each) in images {
        for image in each {
            engine.load(layout::archive(&[(*plan, image)]).await?, &plan.service).await?;
            digests.push(image.config.0.digest.clone());
        }
    }
    Ok(digests)
}

fn told(plan: &Plan, images: &[Assembled<'_>], digest: String, progress: &dyn Progress) -> Made {
    let first = &images[0];
    progress.message(&format!("{} built: {} on {}", plan.service, amount(first.layer.size), first.base.name));
    for line in space::lines(&first.layer) {
        progress.detail(&format!("{}: {line}", plan.service));
    }
    let base = first.base.sizes.iter().map(|size| Part { what: first.base.name.clone(), size: *size });
    let own = Part { what: config::path_of(plan), size: first.layer.size };
    Made { digest, size: first.size(), parts: base.chain([own]).collect(), sbom: first.sbom.clone() }
}
