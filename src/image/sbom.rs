//! What an image is made of, as a CycloneDX document: the crates that are in its binary, with license, origin and checksum.

use cyclonedx_bom::models::component::Classification;
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::external_reference::{ExternalReference, ExternalReferenceType, ExternalReferences};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::property::{Properties, Property};
use cyclonedx_bom::models::tool::{Tool, Tools};
use cyclonedx_bom::prelude::{Bom, Component, Components, DateTime, Metadata, Purl, SpdxExpression, SpecVersion, Uri};

use super::native::{here, target};
use super::plan::{Dockerfile, Plan};
use crate::cargo::{Crate, Graph, Origin};
use crate::error::{Context, Error, Result};

/// What such a document is.
pub(super) const MEDIA_TYPE: &str = "application/vnd.cyclonedx+json";

/// Says of a document that nobody saw the build which it is about.
const BY_LOCK_FILE: (&str, &str) =
    ("msvc:crates", "those that Cargo.lock and the features of the workspace lead to; a Dockerfile may build others");

/// What the image of a Dockerfile is made of, as far as this can be known here: by Cargo.lock.
///
/// # Errors
/// The Dockerfile is the service's own affair, or cargo can't read the workspace by its lock file.
pub async fn by_lock_file(plan: &Plan, dockerfile: &Dockerfile) -> Result<Vec<u8>> {
    let unknown = || Error::usage(format!("what is in the image of {} is up to its Dockerfile", plan.service));
    let dir = dockerfile.dir.as_ref().ok_or_else(|| unknown().hint("`--builder native` knows what it is made of"))?;
    let architecture = dockerfile.platform.as_deref().and_then(|platform| platform.split('/').nth(1));
    let graph = Graph::read(&plan.root, target(architecture.unwrap_or(here()))?).await?;
    let crates = graph.linked(dir, &graph.libraries());
    if crates.is_empty() {
        return Err(unknown().cause(format!("{} is no package of the workspace", dir.display())));
    }
    document(&crates, &plan.created, Some(BY_LOCK_FILE))
}

/// The document for a binary of these crates, its own first. Equal crates at an equal time (as RFC 3339) give equal bytes.
///
/// # Errors
/// Never in practice: memory is written to.
pub(super) fn cyclonedx(crates: &[Crate], created: &str) -> Result<Vec<u8>> {
    document(crates, created, None)
}

fn document(crates: &[Crate], created: &str, remark: Option<(&str, &str)>) -> Result<Vec<u8>> {
    let mut all = crates.iter().map(component);
    let own = all.next().map(|own| Component { component_type: Classification::Application, ..own });
    let uses = |one: &Crate| Dependency {
        dependency_ref: name(one),
        dependencies: one.dependencies.iter().filter_map(|place| crates.get(*place)).map(name).collect(),
    };
    let bom = Bom {
        // A number of its own would make every build another one.
        serial_number: None,
        metadata: Some(Metadata {
            timestamp: DateTime::try_from(created.to_owned()).ok(),
            tools: Some(Tools::List(vec![Tool::new("msvc", "msvc", env!("CARGO_PKG_VERSION"))])),
            component: own,
            properties: remark.map(|(name, text)| Properties(vec![Property::new(name, text)])),
            ..Metadata::default()
        }),
        components: Some(Components(all.collect())),
        dependencies: Some(Dependencies(crates.iter().map(uses).collect())),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    };
    let mut text = Vec::new();
    bom.output_as_json(&mut text, SpecVersion::V1_5).failed(|| "could not write the bill of materials")?;
    Ok(text)
}

fn name(one: &Crate) -> String {
    format!("{}@{}", one.name, one.version)
}

fn component(one: &Crate) -> Component {
    let mut component = Component::new(Classification::Library, &one.name, &one.version, Some(name(one)));
    // The name alone means the crate of crates.io, which one from elsewhere is not.
    if one.origin == Origin::CratesIo {
        component.purl = format!("pkg:cargo/{}", name(one)).parse::<Purl>().ok();
    }
    component.licenses = one.license.as_ref().map(|license| {
        let known = SpdxExpression::parse_lax(license.clone()).map(LicenseChoice::Expression);
        Licenses(vec![known.unwrap_or_else(|_| LicenseChoice::license(license))])
    });
    component.hashes = one
        .checksum
        .as_ref()
        .map(|checksum| Hashes(vec![Hash { alg: HashAlgorithm::SHA_256, content: HashValue(checksum.clone()) }]));
    let source = one.repository.as_ref().and_then(|url| Uri::try_from(url.clone()).ok());
    component.external_references =
        source.map(|url| ExternalReferences(vec![ExternalReference::new(ExternalReferenceType::Vcs, url)]));
    component
}

#[cfg(test)]
mod tests {
    use cyclonedx_bom::prelude::{Bom, Validate};

    use super::cyclonedx;
    use crate::cargo::{Crate, Origin};

    #[test]
    fn a_document_names_the_crates_and_who_uses_whom() {
        let own =
            Crate { name: "orders".to_owned(), version: "0.1.0".to_owned(), dependencies: vec![1], ..Crate::default() };
        let serde = Crate {
            name: "serde".to_owned(),
            version: "1.0.0".to_owned(),
            origin: Origin::CratesIo,
            license: Some("MIT/Apache-2.0".to_owned()),
            repository: Some("https://github.com/serde-rs/serde".to_owned()),
            checksum: Some("0".repeat(64)),
            dependencies: Vec::new(),
        };
        let text = cyclonedx(&[own.clone(), serde.clone()], "2023-11-14T22:13:20Z").unwrap();
        assert_eq!(text, cyclonedx(&[own, serde], "2023-11-14T22:13:20Z").unwrap());
        let bom = Bom::parse_from_json(&text[..]).unwrap();
        assert!(bom.validate().passed(), "{:?}", bom.validate());
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(json["metadata"]["component"]["name"], "orders");
        assert_eq!(json["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
        assert_eq!(json["components"][0]["purl"], "pkg:cargo/serde@1.0.0");
        assert_eq!(json["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(json["dependencies"][0]["dependsOn"][0], "serde@1.0.0");
    }
}
