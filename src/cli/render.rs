//! `msvc render`: the Kubernetes objects of an environment, offline and always the same; also in the forms of other tools.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::environment::Environment;
use super::{Context, Outcome, images};
use crate::error::{Error, Result};
use crate::kubernetes::backing::secret_plan;
use crate::kubernetes::export::{helm, kustomize};
use crate::kubernetes::{Images, Object, files, render, warnings, yaml};
use crate::progress::Progress;
use crate::project::Settings;
use crate::ui::Report;

/// Arguments of `msvc render`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
    /// Form of the objects [default: yaml; json on standard output with --output json]
    #[arg(long, value_enum, env = "MSVC_FORMAT", hide_env = true)]
    format: Option<Format>,
    /// Write a file per object into this folder; only files that `render` wrote are overwritten or removed
    #[arg(long, value_name = "DIR", env = "MSVC_OUT", hide_env = true)]
    out: Option<PathBuf>,
    /// Take images from what `msvc build --output json` printed (`-`: standard input); else they are named by git's tag
    #[arg(long, value_name = "FILE", env = "MSVC_IMAGES", hide_env = true)]
    images: Option<PathBuf>,
}

/// Forms of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One YAML document per object.
    Yaml,
    /// One JSON document, a List.
    Json,
    /// A kustomization: a base, and an overlay for each environment (-e: only that one).
    Kustomize,
    /// A Helm chart whose values are numbers of pods, images, resources and hosts.
    Helm,
}

/// What was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    api_version: &'static str,
    kind: &'static str,
    directory: PathBuf,
    files: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    if let Some(form) = args.format.filter(|f| matches!(f, Format::Kustomize | Format::Helm)) {
        return export(args, form, context);
    }
    let settings = args.environment.settings(context)?;
    let (_, objects) = rendered(args, &settings, context)?;
    let json = args.format.map_or(context.printer.json() && args.out.is_none(), |format| format == Format::Json);
    if let Some(directory) = &args.out {
        let form = if json { files::Form::Json } else { files::Form::Yaml };
        write(directory, &files::plan(&objects, form)?, context)?;
    } else {
        let text = if json { yaml::list(&objects) } else { yaml::documents(&objects)? };
        context.printer.raw(text.as_bytes())?;
    }
    Ok(Outcome::Done)
}

/// The objects of an environment, with the images that they run.
fn rendered(args: &Args, settings: &Settings, context: &Context) -> Result<(Images, Vec<Object>)> {
    let images = match &args.images {
        Some(file) => images::from_file(file, settings)?,
        None => images::by_tag(settings)?,
    };
    let objects = render(settings, &images)?;
    for line in warnings::warnings(settings) {
        context.printer.warning(&line);
    }
    Ok((images, objects))
}

fn export(args: &Args, form: Format, context: &Context) -> Result<Outcome> {
    let Some(directory) = &args.out else {
        return Err(Error::usage("several files can't go to standard output").hint("name a folder for them: --out DIR"));
    };
    if form == Format::Helm {
        let settings = args.environment.settings(context)?;
        let (images, objects) = rendered(args, &settings, context)?;
        tell_of_passwords(&settings, context);
        let files = helm::files(&settings.project, &settings.namespace, &images, &objects)?;
        return write(directory, &files, context);
    }
    let mut environments = Vec::new();
    for settings in args.environment.each(context)? {
        let (images, objects) = rendered(args, &settings, context)?;
        tell_of_passwords(&settings, context);
        environments.push(kustomize::Environment {
            name: settings.environment.unwrap_or_else(|| "default".to_owned()),
            namespace: settings.namespace,
            images,
            objects,
        });
    }
    write(directory, &kustomize::files(&environments)?, context)
}

/// `msvc deploy` makes them; nothing that is rendered holds a secret.
fn tell_of_passwords(settings: &Settings, context: &Context) {
    if let Some(plan) = secret_plan(settings) {
        let keys = plan.keys.join(", ");
        let (name, namespace) = (plan.name, &settings.namespace);
        context.printer.warning(&format!("Secret {name} with {keys} is not among the objects: make it in {namespace}"));
    }
}

fn write(directory: &Path, files: &BTreeMap<String, String>, context: &Context) -> Result<Outcome> {
    let files = files::write(directory, files)?;
    let written = Written { api_version: "msvc/v1", kind: "Rendered", directory: directory.to_owned(), files };
    context.printer.report(&written)?;
    Ok(Outcome::Done)
}

impl Report for Written {
    fn text(&self) -> String {
        self.files.iter().fold(String::new(), |text, file| text + &format!("{}\n", self.directory.join(file).display()))
    }
}
