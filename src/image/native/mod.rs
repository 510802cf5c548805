//! Images without an engine: cargo builds on this machine, the binary becomes a layer on a base image, and the registry
//! takes it by the OCI distribution protocol.

mod base;
mod binary;
mod cache;
mod compile;
mod config;
mod layer;
mod load;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use futures_util::future::try_join_all;

pub(super) use compile::here;

use self::base::System;
use self::layer::Layer;
use super::docker::{Engine, amount};
use super::plan::{Native, Plan};
use crate::error::{Context, Result};
use crate::progress::Progress;
use crate::registry::{Blob, Image, Reference, Session};

/// The base that binaries are laid upon that need nothing.
const SCRATCH: &str = "scratch";

const WITHOUT: &str = "`--push` needs none: it takes the image to the registry";

/// An image that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The registry's digest, or where it was not pushed, the engine's id.
    pub digest: String,
    /// Its size when unpacked, in bytes.
    pub size: u64,
}

/// A base, with all that is needed to build on it.
struct Base {
    name: String,
    image: Image,
    layers: Vec<Vec<u8>>,
    system: System,
}

/// An image in memory.
struct Assembled<'a> {
    base: &'a Base,
    layer: Layer,
    config: (Blob, Vec<u8>),
    layers: Vec<Blob>,
    manifest: Vec<u8>,
}

/// Builds these services and pushes their images, or loads them into the engine; in the plans' order.
///
/// # Errors
/// The code does not build, a binary would not start on its base, a registry or the engine refuses.
pub async fn build(plans: &[(&Plan, &Native)], push: bool, progress: &dyn Progress) -> Result<Vec<Made>> {
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    // Whether there is one, is known before minutes pass.
    let engine = if push { None } else { Some(Engine::connect().await.map_err(|e| e.hint(WITHOUT))?) };
    let executables = compile::compile(plans, progress).await?;
    let mut bases = BTreeMap::new();
    let mut made = Vec::with_capacity(plans.len());
    for ((plan, native), executable) in plans.iter().zip(&executables) {
        let key = (native.base.as_str(), native.architecture.as_str());
        if let Entry::Vacant(unknown) = bases.entry(key) {
            unknown.insert(Base::get(native, progress).await?);
        }
        let image = Assembled::new(plan, native, &bases[&key], executable)?;
        let (told, size) = (amount(image.layer.size), image.base.system.size + image.layer.size);
        let digest = match &engine {
            None => image.push(plan, progress).await?,
            Some(engine) => image.load(engine, plan).await?,
        };
        progress.message(&format!("{} built: {told} on {}", plan.service, native.base));
        made.push(Made { digest, size });
    }
    Ok(made)
}

impl Base {
    async fn get(native: &Native, progress: &dyn Progress) -> Result<Self> {
        let name = native.base.clone();
        if name == SCRATCH {
            let image = config::scratch(&native.architecture);
            return Ok(Self { name, image, layers: Vec::new(), system: System::default() });
        }
        let task = progress.task(&format!("base {name}"));
        let session = Session::pull(&name.parse()?).await?;
        let image = session.image(&native.architecture).await?;
        let layers = try_join_all(image.layers.iter().map(|blob| cache::blob(&session, blob))).await?;
        let mut system = System::default();
        for layer in &layers {
            system.add(layer)?;
        }
        task.done("");
        Ok(Self { name, image, layers, system })
    }
}

impl<'a> Assembled<'a> {
    fn new(plan: &Plan, native: &Native, base: &'a Base, executable: &Path) -> Result<Self> {
        let bytes = std::fs::read(executable).failed(|| format!("could not read {}", executable.display()))?;
        let binary = binary::read(&bytes)?;
        base::check(&plan.service, &binary, &base.name, &native.architecture, &base.system)?;
        let layer = layer::of(&config::path_of(plan), &bytes, native.time)?;
        let config = config::configuration(plan, native, &base.image, &layer);
        let mut layers = config::layers_of(&base.image);
        layers.push(layer.blob.clone());
        let manifest = config::manifest(&config.0, &layers);
        Ok(Self { base, layer, config, layers, manifest })
    }

    /// All blobs with their bytes; the manifest comes last, or a name would stand for nothing.
    async fn push(&self, plan: &Plan, progress: &dyn Progress) -> Result<String> {
        let mut digest = String::new();
        for reference in &plan.references {
            let task = progress.task(&format!("push {reference}"));
            let session = Session::push(reference).await?;
            let from = self.base.name.parse::<Reference>().ok();
            let bytes = self.base.layers.iter().chain([&self.layer.bytes]);
            let blobs = self.layers.iter().zip(bytes).chain([(&self.config.0, &self.config.1)]);
            let put = blobs.map(|(blob, bytes)| put(&session, blob, bytes, from.as_ref()));
            let sent = try_join_all(put).await?.into_iter().filter(|sent| *sent).count();
            digest = session.name(config::MANIFEST, self.manifest.clone()).await?.to_string();
            task.done(&format!("{sent} of {} parts were new", self.layers.len() + 1));
        }
        Ok(digest)
    }

    async fn load(&self, engine: &Engine, plan: &Plan) -> Result<String> {
        let bytes: Vec<&[u8]> = self.base.layers.iter().map(Vec::as_slice).chain([&self.layer.bytes[..]]).collect();
        let archive = load::archive(&plan.references, &self.config, &self.layers, &bytes)?;
        engine.load(archive, &plan.service).await?;
        Ok(self.config.0.digest.clone())
    }
}

/// Sees to it that a repository has a blob; whether it had to be sent.
async fn put(session: &Session, blob: &Blob, bytes: &[u8], from: Option<&Reference>) -> Result<bool> {
    if session.has(blob).await? {
        return Ok(false);
    }
    if let Some(from) = from
        && session.mount(blob, from).await
        && session.has(blob).await?
    {
        return Ok(false);
    }
    session.put(blob, bytes.to_vec()).await?;
    Ok(true)
}
