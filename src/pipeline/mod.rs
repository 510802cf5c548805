//! Pipelines that call msvc: test, build and push, deploy by digest to one environment after the other, by hand from the
//! second on. No file holds a secret.

mod github;
mod gitlab;
mod jenkins;

use crate::error::{Error, Result};
use crate::project::{Project, Settings};

/// Rust for the tests, as in the generated Dockerfile.
const RUST: &str = "1.95";
/// The msvc that the pipeline installs: the one that wrote it.
const MSVC: &str = env!("CARGO_PKG_VERSION");

/// Whose pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum System {
    /// GitHub Actions: .github/workflows/deploy.yml
    Github,
    /// GitLab CI/CD: .gitlab-ci.yml
    Gitlab,
    /// Jenkins: Jenkinsfile
    Jenkins,
}

impl System {
    /// Where the file belongs, from the repository's folder.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Github => ".github/workflows/deploy.yml",
            Self::Gitlab => ".gitlab-ci.yml",
            Self::Jenkins => "Jenkinsfile",
        }
    }
}

/// What the pipelines of a project have in common.
struct Plan {
    project: String,
    /// Each in its order; the first is deployed to by itself.
    stages: Vec<Stage>,
    /// Whether tests may use a PostgreSQL.
    stores: bool,
}

/// An environment that is deployed to.
struct Stage {
    /// Its name in msvc.yaml.
    name: String,
    /// The file with its images: environments of one registry share it.
    images: String,
    /// The registry that its images are in.
    registry: String,
    /// The context that the kubeconfig must have.
    context: Option<String>,
}

impl Stage {
    /// Whether the images of the stage are built by itself, and not shared with one before.
    fn builds(&self) -> bool {
        self.images == images_file(&self.name)
    }
}

/// The text of a project's pipeline.
///
/// # Errors
/// The project has no environment to deploy to, or one without a registry (exit code 2).
pub fn render(project: &Project, system: System) -> Result<String> {
    let plan = plan(project)?;
    Ok(match system {
        System::Github => github::workflow(&plan),
        System::Gitlab => gitlab::pipeline(&plan),
        System::Jenkins => jenkins::pipeline(&plan),
    })
}

fn plan(project: &Project) -> Result<Plan> {
    let names = Settings::environments(project);
    if names.is_empty() {
        return Err(Error::usage(format!("{} has no environment to deploy to", project.name()))
            .hint("declare one in msvc.yaml: `environments: { staging: { context: .., registry: .. } }`"));
    }
    let mut stages: Vec<Stage> = Vec::new();
    let mut registries: Vec<Vec<String>> = Vec::new();
    let mut stores = false;
    for name in names {
        let settings = Settings::resolve(project, Some(&name))?;
        stores |= settings.services.iter().any(|s| s.service.stores());
        let repositories: Vec<String> = settings.services.iter().map(|s| s.repository.clone()).collect();
        let Some((registry, _)) = repositories.first().and_then(|r| r.split_once('/')) else {
            return Err(Error::usage(format!("environment `{name}` has no registry to deploy from"))
                .hint("`registry` of the environment in msvc.yaml names it"));
        };
        let registry = registry.to_owned();
        let shared = registries.iter().position(|known| *known == repositories).map(|at| stages[at].images.clone());
        let images = shared.unwrap_or_else(|| images_file(&name));
        stages.push(Stage { images, registry, context: settings.context, name });
        registries.push(repositories);
    }
    Ok(Plan { project: project.name().to_owned(), stages, stores })
}

fn images_file(environment: &str) -> String {
    format!("images-{environment}.json")
}

/// The registries to log in to, each once.
fn registries(plan: &Plan) -> Vec<&str> {
    let mut known: Vec<&str> = Vec::new();
    for stage in &plan.stages {
        if !known.contains(&stage.registry.as_str()) {
            known.push(&stage.registry);
        }
    }
    known
}

/// What whoever sets the pipeline up has to know of the kubeconfig: a comment.
fn contexts(plan: &Plan) -> String {
    let told = plan.stages.iter().filter_map(|s| Some(format!("{} wants context `{}`", s.name, s.context.as_ref()?)));
    let told: Vec<String> = told.collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}

/// Installs msvc where it is not there already.
fn install() -> String {
    format!("command -v msvc || cargo install --locked msvc --version {MSVC}")
}

/// The build of a stage's images, pushed; what it prints is what is deployed.
fn build(stage: &Stage) -> String {
    format!("msvc build --push --environment {} --output json > {}", stage.name, stage.images)
}

/// The deploy of a stage, by digest.
fn deploy(stage: &Stage) -> String {
    format!("msvc deploy --environment {} --images {} --rollback-on-failure", stage.name, stage.images)
}
