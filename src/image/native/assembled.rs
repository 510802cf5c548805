//! An image in memory: a base, a binary on it, and what says so.

use std::borrow::Cow;
use std::path::Path;

use super::base::Base;
use super::layer::{self, Layer};
use super::{audit, binary, config, system};
use crate::cargo::Crate;
use crate::error::{Context, Result};
use crate::image::plan::{Native, Plan};
use crate::image::sbom;
use crate::registry::Blob;

/// An image for one processor.
pub(super) struct Assembled<'a> {
    pub base: &'a Base,
    pub architecture: &'a str,
    /// The service's own layer.
    pub layer: Layer,
    pub config: (Blob, Vec<u8>),
    /// All layers, the lowest first.
    pub layers: Vec<Blob>,
    pub manifest: (Blob, Vec<u8>),
    /// What the binary is made of, where cargo could tell.
    pub sbom: Option<Vec<u8>>,
}

impl<'a> Assembled<'a> {
    /// Lays `executable`, which is made of `crates`, upon its base.
    ///
    /// # Errors
    /// It can't be read, or would not start there.
    pub fn new(
        plan: &Plan,
        native: &Native,
        base: &'a Base,
        architecture: &'a str,
        (executable, crates): (&Path, &[Crate]),
    ) -> Result<Self> {
        let bytes = std::fs::read(executable).failed(|| format!("could not read {}", executable.display()))?;
        let binary = binary::read(&bytes)?;
        system::check(&plan.service, &binary, &base.name, architecture, &base.system)?;
        let bytes = if crates.is_empty() { bytes } else { audit::embed(bytes, crates)? };
        let kept = executable.with_file_name(format!("{}.layer", plan.service));
        let layer = layer::of(&config::path_of(plan), bytes, native.time, &kept)?;
        let sbom = if crates.is_empty() { None } else { Some(sbom::cyclonedx(crates, &plan.created)?) };
        Ok(Self::of(plan, native, base, architecture, layer, sbom))
    }

    /// Puts a layer upon a base.
    pub fn of(
        plan: &Plan,
        native: &Native,
        base: &'a Base,
        architecture: &'a str,
        layer: Layer,
        sbom: Option<Vec<u8>>,
    ) -> Self {
        let config = config::configuration(plan, native, &base.image, &layer);
        let mut layers = config::layers_of(&base.image);
        layers.push(layer.blob.clone());
        let manifest = config::manifest(&config.0, &layers);
        Self { base, architecture, layer, config, layers, manifest, sbom }
    }

    /// The bytes of the layer at this place.
    ///
    /// # Errors
    /// It is one of the base, which can't be had.
    pub async fn bytes(&self, place: usize) -> Result<Cow<'_, [u8]>> {
        match self.base.image.layers.get(place) {
            Some(blob) => self.base.layer(blob).await.map(Cow::Owned),
            None => Ok(Cow::Borrowed(&self.layer.bytes)),
        }
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.base.system.size + self.layer.size
    }
}
