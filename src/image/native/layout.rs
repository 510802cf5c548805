//! Images as files: an OCI image layout, which is a folder, or an archive as `docker save` writes it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use tar::{Builder, Header};

use super::assembled::Assembled;
use super::config;
use crate::error::{Context, Result};
use crate::image::plan::Plan;

/// Writes a service's image into the folder `dir`, which is made where it is not there. Blobs come first, so that what is
/// named is there whenever it ends.
///
/// # Errors
/// A file can't be written, or a layer of the base can't be had.
pub(super) async fn write(dir: &Path, plan: &Plan, images: &[Assembled<'_>]) -> Result<()> {
    let what = || format!("could not write {}", dir.display());
    let blobs = dir.join("blobs/sha256");
    fs::create_dir_all(&blobs).failed(what)?;
    let put = |digest: &str, bytes: &[u8]| whole(&blobs.join(digest.trim_start_matches("sha256:")), bytes);
    for image in images {
        for (place, blob) in image.layers.iter().enumerate() {
            put(&blob.digest, &image.bytes(place).await?).failed(what)?;
        }
        put(&image.config.0.digest, &image.config.1).failed(what)?;
        put(&image.manifest.0.digest, &image.manifest.1).failed(what)?;
    }
    let (top, manifest) = config::top(images);
    put(&top.digest, &manifest).failed(what)?;
    let named = plan.references.iter().map(|reference| {
        let mut named = json!(top);
        named["annotations"] = json!({
            "io.containerd.image.name": reference.to_string(),
            "org.opencontainers.image.ref.name": reference.tag().unwrap_or("latest"),
        });
        named
    });
    let index = json!({ "schemaVersion": 2, "mediaType": config::INDEX, "manifests": named.collect::<Vec<Value>>() });
    whole(&dir.join("oci-layout"), br#"{"imageLayoutVersion":"1.0.0"}"#).failed(what)?;
    whole(&dir.join("index.json"), index.to_string().as_bytes()).failed(what)
}

/// Writes a file, or leaves it as it was.
fn whole(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut new = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(file))?;
    std::io::Write::write_all(&mut new, bytes)?;
    new.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    new.persist(file).map(drop).map_err(|e| e.error)
}

/// The archive of images under their names, in the form that every version of Docker reads.
///
/// # Errors
/// A layer of a base can't be had.
pub(super) async fn archive(images: &[(&Plan, &Assembled<'_>)]) -> Result<Vec<u8>> {
    let mut archive = Archive { tar: Builder::new(Vec::new()), there: Vec::new() };
    let mut index = Vec::new();
    for (plan, image) in images {
        let mut files = Vec::with_capacity(image.layers.len());
        for (place, blob) in image.layers.iter().enumerate() {
            let file = format!("{}.tar", blob.digest.trim_start_matches("sha256:"));
            if !archive.there.contains(&file) {
                archive.add(&file, &image.bytes(place).await?)?;
            }
            files.push(file);
        }
        let config = format!("{}.json", image.config.0.digest.trim_start_matches("sha256:"));
        archive.add(&config, &image.config.1)?;
        let names: Vec<String> = plan.references.iter().map(ToString::to_string).collect();
        index.push(json!({ "Config": config, "RepoTags": names, "Layers": files }));
    }
    archive.add("manifest.json", json!(index).to_string().as_bytes())?;
    archive.tar.into_inner().failed(|| "could not write the images' archive")
}

struct Archive {
    tar: Builder<Vec<u8>>,
    there: Vec<String>,
}

impl Archive {
    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let mut header = Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        self.there.push(path.to_owned());
        self.tar.append_data(&mut header, path, bytes).failed(|| "could not write the images' archive")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::write;
    use crate::image::native::assembled::Assembled;
    use crate::image::native::base::Base;
    use crate::image::native::{config, layer};
    use crate::image::plan::Plan;
    use crate::progress::Silent;
    use crate::registry::digest;

    #[tokio::test]
    async fn an_image_for_several_processors_is_a_list_of_one_for_each() {
        let (plan, native) = Plan::example(&["amd64", "arm64"]);
        let mut bases = Vec::new();
        for architecture in &native.architectures {
            bases.push(Base::get("scratch", architecture, &Silent).await.unwrap());
        }
        let mut images = Vec::new();
        let target = tempfile::tempdir().unwrap();
        for (base, architecture) in bases.iter().zip(&native.architectures) {
            let (binary, kept) = (architecture.clone().into_bytes(), target.path().join(architecture));
            let layer = layer::of("/usr/local/bin/orders", binary, native.time, &kept).unwrap();
            images.push(Assembled::of(&plan, &native, base, architecture, layer, None));
        }
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &plan, &images).await.unwrap();
        let read = |file: &str| std::fs::read(dir.path().join(file)).unwrap();
        let blob = |told: &Value| read(&format!("blobs/{}", told["digest"].as_str().unwrap().replace(':', "/")));
        let layout: Value = serde_json::from_slice(&read("index.json")).unwrap();
        let index: Value = serde_json::from_slice(&blob(&layout["manifests"][0])).unwrap();
        assert_eq!(index["mediaType"], config::INDEX);
        for (manifest, architecture) in index["manifests"].as_array().unwrap().iter().zip(["amd64", "arm64"]) {
            assert_eq!(manifest["platform"], json!({ "architecture": architecture, "os": "linux" }));
            let text = blob(manifest);
            assert_eq!(digest(&text), manifest["digest"]);
            let manifest: Value = serde_json::from_slice(&text).unwrap();
            let config: Value = serde_json::from_slice(&blob(&manifest["config"])).unwrap();
            assert_eq!(config["architecture"], architecture);
        }
    }
}
