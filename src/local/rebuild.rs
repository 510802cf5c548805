//! `up --watch`: builds again what changed, and starts what came out new. Cargo knows best what that is: a service is
//! started anew when its executable is another one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::SystemTime;

use super::watch::{SETTINGS, Watch};
use crate::cargo::Build;
use crate::error::Result;
use crate::progress::Progress;
use crate::project::ServiceFile;

/// What is done about changes.
pub(super) struct Rebuild<'a> {
    cargo: Build,
    services: Vec<&'a ServiceFile>,
    watch: Watch,
    executables: Vec<PathBuf>,
    /// When that which runs was built.
    running: Vec<Option<SystemTime>>,
}

/// A build under way.
pub(super) type Building<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// Ends when a build under way does.
pub(super) async fn ended(building: &mut Option<Building<'_>>) -> Result<()> {
    match building {
        Some(building) => building.await,
        None => std::future::pending().await,
    }
}

impl<'a> Rebuild<'a> {
    /// Of `services`, whose executables are `built`.
    pub(super) fn new(cargo: Build, services: Vec<&'a ServiceFile>, built: &[PathBuf], watch: Watch) -> Self {
        let running = built.iter().map(|file| modified(file)).collect();
        Self { cargo, services, watch, executables: built.to_owned(), running }
    }

    /// The files that changed, as soon as nothing changes for a moment.
    pub(super) async fn changed(&mut self) -> BTreeSet<PathBuf> {
        self.watch.changed().await
    }

    /// Builds all services; what did not change takes no time.
    pub(super) fn build(&self, progress: &'a dyn Progress) -> Building<'a> {
        let cargo = self.cargo.clone();
        Box::pin(async move { cargo.again(progress).await })
    }

    /// The numbers of the services whose executables are others than when this was asked last.
    pub(super) fn replaced(&mut self) -> Vec<usize> {
        let now: Vec<_> = self.executables.iter().map(|file| modified(file)).collect();
        // One that is missing, because its build failed, replaces nothing.
        let other = |i: &usize| now[*i].is_some() && now[*i] != self.running[*i];
        let replaced: Vec<usize> = (0..now.len()).filter(other).collect();
        for i in &replaced {
            self.running[*i] = now[*i];
        }
        replaced
    }

    /// The numbers of the services whose settings are among `files`.
    pub(super) fn settings(&self, files: &BTreeSet<PathBuf>) -> Vec<usize> {
        let changed = |dir: &Path| {
            let dir = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
            files.contains(&dir.join(SETTINGS))
        };
        (0..self.services.len()).filter(|i| changed(&self.services[*i].dir)).collect()
    }

    /// Those of `files` that only a new `up` reads.
    pub(super) fn declarations(&self, files: &BTreeSet<PathBuf>) -> Vec<String> {
        let shown = |file: &Path| file.strip_prefix(&self.cargo.root).unwrap_or(file).display().to_string();
        let declares = |file: &&PathBuf| file.file_name().is_some_and(|name| name == "msvc.yaml");
        files.iter().filter(declares).map(|file| shown(file)).collect()
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|metadata| metadata.modified()).ok()
}
