//! Which image each service runs: from a file of `msvc build --output json`, or from git.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Context as _, Error, Result};
use crate::image;
use crate::kubernetes::Images;
use crate::project::Settings;

/// The part of `msvc build --output json` that counts here.
#[derive(Deserialize)]
struct Built {
    images: Vec<BuiltImage>,
}

#[derive(Deserialize)]
struct BuiltImage {
    service: String,
    reference: String,
    digest: Option<String>,
}

/// The images that a build wrote down, by digest where it knew one; `-` reads standard input.
///
/// # Errors
/// The file can't be read, is not what a build prints, or lacks one of the services (exit code 2).
pub(super) fn from_file(file: &Path, settings: &Settings) -> Result<Images> {
    let shown = file.display();
    let text =
        if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let built: Built = serde_json::from_str(&text.invalid(|| format!("could not read {shown}"))?).map_err(|e| {
        Error::invalid(format!("{shown} is not valid"))
            .cause(format!("{shown}:{}:{}: {}", e.line(), e.column(), without_place(&e.to_string())))
            .hint("`--images` takes what `msvc build --output json` prints")
    })?;
    let images: BTreeMap<_, _> = built.images.into_iter().map(|i| (i.service.clone(), pinned(&i))).collect();
    for service in &settings.services {
        if !images.contains_key(service.service.name.as_str()) {
            let error = Error::invalid(format!("{shown} names no image of service `{}`", service.service.name));
            return Err(error.hint("build them all, or name them all on the command line of one `msvc build`"));
        }
    }
    Ok(Images(images))
}

/// The images that a build of the services as they lie there would make.
///
/// # Errors
/// The repository or a file can't be read.
pub(super) fn by_tag(settings: &Settings) -> Result<Images> {
    let image = |service: &crate::project::ServiceSettings| {
        let tag = image::tag_for(&service.dir)?;
        Ok((service.service.name.to_string(), format!("{}:{tag}", service.repository)))
    };
    Ok(Images(settings.services.iter().map(image).collect::<Result<_>>()?))
}

/// The message of serde_json without the place that ends it.
fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// Tag and digest: the digest decides what runs, the tag says what it is.
fn pinned(image: &BuiltImage) -> String {
    match &image.digest {
        Some(digest) if !image.reference.contains('@') => format!("{}@{digest}", image.reference),
        _ => image.reference.clone(),
    }
}
