//! Which of a project's services cargo builds to run them here.

use crate::cargo::{Build, Package};
use crate::project::{Project, ServiceFile};

/// The build of `services` as they run here. `color`: whether the compiler's words are coloured.
pub(super) fn of(project: &Project, services: &[&ServiceFile], color: bool) -> Build {
    let package = |file: &&ServiceFile| Package { name: file.service.name.to_string(), dir: file.dir.clone() };
    Build {
        root: project.root.clone(),
        name: project.name().to_owned(),
        packages: services.iter().map(package).collect(),
        is_whole: services.len() == project.services.len(),
        color,
        ..Build::default()
    }
}
