//! A project in one environment: everything merged, defaults of names applied. What `build`, `render`,
//! `deploy` and the rest work with.

use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::checked::Checked;
use super::deploy::Deploy;
use super::image::Image;
use super::load::to_value;
use super::name::EnvironmentName;
use super::overlay::merge;
use super::service::ServiceEnvironment;
use super::system::Backing;
use super::{Project, Service, ServiceFile};
use crate::error::{Context, Error, Result, nearest};

/// A project in one environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The project's name: its objects, lease and inventory are called after it.
    pub project: String,
    /// The project's folder.
    pub root: PathBuf,
    /// The environment's name; `None` where the project declares none.
    pub environment: Option<String>,
    /// Context of the kubeconfig; `None`: the current one.
    pub context: Option<String>,
    /// Namespace; default: the project's name.
    pub namespace: String,
    /// Registry that images go to.
    pub registry: Option<String>,
    /// `namespace/name` of the Gateway that routes hang on.
    pub gateway: Option<String>,
    /// Secrets that the cluster pulls images with.
    pub pull_secrets: Vec<String>,
    /// Databases and the like that come along, for development.
    pub backing: Option<Backing>,
    /// The services, by name.
    pub services: Vec<ServiceSettings>,
}

/// A service in one environment.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// Its folder.
    pub dir: PathBuf,
    /// What it declares; use `deploy` and `image` from here, not from there.
    pub service: Service,
    /// How it runs, the environment merged in.
    pub deploy: Deploy,
    /// How it is built, the environment merged in.
    pub image: Image,
    /// Where its image goes, without a tag.
    pub repository: String,
}

impl Settings {
    /// The project in the environment called `name`; without a name, in its only one.
    ///
    /// # Errors
    /// No such environment, several and none named, or an overlay that contradicts the base (exit code 2).
    pub fn resolve(project: &Project, name: Option<&str>) -> Result<Self> {
        let environment = choose(project, name)?;
        let declared = environment.as_ref().and_then(|e| own_environments(project).get(e).cloned()).unwrap_or_default();
        let services = project
            .services
            .iter()
            .map(|file| ServiceSettings::resolve(file, environment.as_ref(), declared.registry.as_deref()))
            .collect::<Result<_>>()?;
        Ok(Self {
            project: project.name().to_owned(),
            root: project.root.clone(),
            environment: environment.map(String::from),
            context: declared.context,
            namespace: declared.namespace.unwrap_or_else(|| project.name().to_owned()),
            registry: declared.registry,
            gateway: declared.gateway,
            pull_secrets: declared.pull_secrets,
            backing: declared.backing,
            services,
        })
    }

    /// The names of the environments that a project declares.
    #[must_use]
    pub fn environments(project: &Project) -> Vec<String> {
        own_environments(project).keys().map(|name| name.as_str().to_owned()).collect()
    }

    /// Keeps only the services named; none named keeps all.
    ///
    /// # Errors
    /// A name that no service has (exit code 2, with the nearest).
    pub fn select(mut self, names: &[String]) -> Result<Self> {
        for name in names {
            if !self.services.iter().any(|s| s.service.name.as_str() == name) {
                let known: Vec<&str> = self.services.iter().map(|s| s.service.name.as_str()).collect();
                let error = Error::usage(format!("{} has no service `{name}`", self.project));
                return Err(match nearest(name, known.iter().copied()) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("its services: {}", known.join(", "))),
                });
            }
        }
        if !names.is_empty() {
            self.services.retain(|s| names.iter().any(|n| n == s.service.name.as_str()));
        }
        Ok(self)
    }
}

impl ServiceSettings {
    fn resolve(file: &ServiceFile, environment: Option<&EnvironmentName>, registry: Option<&str>) -> Result<Self> {
        let service = file.service.clone();
        let overlay = environment.map(|e| &file.document["environments"][e.as_str()]);
        let deploy: Checked<Deploy> = lay_over(&service, &service.deploy, overlay.map(|o| &o["deploy"]), environment)?;
        let image = lay_over(&service, &service.image, overlay.map(|o| &o["image"]), environment)?;
        let repository = repository(&service, &image, registry);
        Ok(Self { dir: file.dir.clone(), deploy: (*deploy).clone(), image, repository, service })
    }
}

/// The environment's registry comes before the repository that the service names, so that the same service
/// goes to another registry in each environment.
fn repository(service: &Service, image: &Image, registry: Option<&str>) -> String {
    let own = image.repository.as_deref().unwrap_or(service.name.as_str());
    match registry {
        Some(registry) => {
            let last = own.rsplit('/').next().unwrap_or(own);
            format!("{}/{last}", registry.trim_end_matches('/'))
        }
        None => own.to_owned(),
    }
}

fn lay_over<T: serde::Serialize + DeserializeOwned>(
    service: &Service,
    base: &T,
    overlay: Option<&Value>,
    environment: Option<&EnvironmentName>,
) -> Result<T> {
    let base = to_value(base)?;
    let merged = match overlay {
        Some(overlay) if !overlay.is_null() => merge(base, overlay.clone()),
        _ => base,
    };
    serde_json::from_value(merged).invalid(|| {
        let environment = environment.map_or("", EnvironmentName::as_str);
        format!("environment `{environment}` does not fit over service `{}`", service.name)
    })
}

fn own_environments(project: &Project) -> &indexmap::IndexMap<EnvironmentName, ServiceEnvironment> {
    static NONE: std::sync::LazyLock<indexmap::IndexMap<EnvironmentName, ServiceEnvironment>> =
        std::sync::LazyLock::new(indexmap::IndexMap::new);
    match (&project.system, project.services.first()) {
        (Some(system), _) => &system.environments,
        (None, Some(only)) => &only.service.environments,
        (None, None) => &NONE,
    }
}

fn choose(project: &Project, name: Option<&str>) -> Result<Option<EnvironmentName>> {
    let environments = own_environments(project);
    let known = || environments.keys().map(EnvironmentName::as_str).collect::<Vec<_>>();
    match name {
        Some(name) => environments
            .keys()
            .find(|e| e.as_str() == name)
            .cloned()
            .map(Some)
            .ok_or_else(|| unknown(project, name, &known())),
        None if environments.len() > 1 => {
            Err(Error::usage("which environment?").hint(format!("name one with -e: {}", known().join(", "))))
        }
        None => Ok(environments.keys().next().cloned()),
    }
}

fn unknown(project: &Project, name: &str, known: &[&str]) -> Error {
    let error = Error::usage(format!("{} has no environment `{name}`", project.name()));
    match nearest(name, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.hint("declare it under `environments:` in msvc.yaml"),
        None => error.hint(format!("its environments: {}", known.join(", "))),
    }
}
