//! Brings a system's code up to what its services declare: each is rendered as its template renders it now, and with it
//! what they share; all of it is merged into what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::newcomer::Newcomer;
use super::{About, Part, Whole, clients, whole};
use crate::error::{Context, Error, Result};
use crate::project::load::parse_service;
use crate::project::{DnsLabel, FILE, Project, Service, ServiceFile, System};
use crate::scaffold::contract::{self, Contract, OPENAPI, Protocol};
use crate::scaffold::lock::{self, LOCK, Provenance};
use crate::scaffold::merge::{self, Action, Change, Rules};
use crate::scaffold::peers::Peers;
use crate::scaffold::regenerate::{Again, Merged, Plan, read};
use crate::scaffold::render::Place;
use crate::scaffold::tree::{Entry, Tree};

/// What shall be different.
#[derive(Debug)]
pub enum Edit<'a> {
    /// The service in this folder shall be declared so.
    Declare {
        /// Its folder.
        dir: &'a Path,
        /// The text of its msvc.yaml.
        declared: &'a str,
        /// What that says.
        service: &'a Service,
        /// Whether migrations may drop what is no longer declared.
        allow_data_loss: bool,
    },
    /// A service shall be added.
    Add(&'a Newcomer),
}

/// What an edit of a system brings along. The other services are rendered from what they declared last: a change of
/// theirs that waits is left waiting.
///
/// # Errors
/// Provenance is missing, a template can't be reached, or the change would lose data (exit code 2).
pub fn plan(project: &Project, system: &System, edit: &Edit) -> Result<Plan> {
    changed(project, edit).check()?;
    let about = About::of(system);
    let peers = Peers::of(project);
    let place = Place::InSystem { environment: &about.environment, peers: &peers };
    let recorded = lock::read(&project.root)?;
    let members = members(project, edit, place)?;
    check(project, edit, &members, place)?;
    let mut parts: Vec<Part> = members.iter().map(|member| member.part(&project.root, place)).collect();
    if let Edit::Add(newcomer) = edit {
        parts.push(newcomer.part(place));
    }
    let Whole { root, mut services, source } = whole(&about, parts, |name| contract(project, &members, name))?;

    let mut plan = Plan { changes: Vec::new(), new_version: None, provenance: Vec::new() };
    if let Edit::Add(newcomer) = edit {
        add(&mut plan, newcomer, services.pop().unwrap_or_default(), &project.root)?;
    }
    for (member, theirs) in members.into_iter().zip(services) {
        member.merge(&mut plan, theirs, &project.root)?;
    }
    merge_root(&mut plan, recorded, root, &Rules::of(&source.manifest)?, &project.root)?;
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

/// Whether clients can be made for what the service calls that changes.
fn check(project: &Project, edit: &Edit, members: &[Member], place: Place) -> Result<()> {
    match edit {
        Edit::Add(newcomer) => newcomer.check(place),
        Edit::Declare { declared, .. } => members.iter().filter(|member| member.edited).try_for_each(|member| {
            clients::check(&member.again.source, &member.service, declared, &member.shown(&project.root), place)
        }),
    }
}

/// The contract that a service will have.
fn contract(project: &Project, members: &[Member], name: &DnsLabel) -> Result<Contract> {
    let ServiceFile { dir, service, .. } = project.service(name.as_str())?;
    let again = members.iter().find(|member| member.dir == *dir).map(|member| &member.again);
    let text = |path: &str| -> Result<Option<String>> {
        if let Some(text) = again.map(|again| again.merged_text(dir, path)).transpose()?.flatten() {
            return Ok(Some(text));
        }
        match std::fs::read_to_string(dir.join(path)) {
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            read => read.map(Some).invalid(|| format!("could not read {path} of {name}")),
        }
    };
    if Protocol::of(service) == Protocol::Http {
        let found = text(OPENAPI)?.ok_or_else(|| Error::usage(format!("could not find {OPENAPI} of {name}")))?;
        return Ok(Contract::OpenApi(found));
    }
    let rendered = again.into_iter().flat_map(|again| again.theirs.keys()).filter(|path| contract::is_proto(path));
    let mut paths: BTreeSet<String> = contract::protos(dir).into_iter().chain(rendered.cloned()).collect();
    paths.retain(|path| !again.is_some_and(|again| again.drops(path)));
    let mut files = BTreeMap::new();
    for path in &paths {
        files.extend(text(path)?.map(|text| (contract::below_proto(path), text)));
    }
    Ok(Contract::Proto { dir: shown(dir, &project.root), files })
}

/// The project as it will be.
fn changed(project: &Project, edit: &Edit) -> Project {
    let mut changed = project.clone();
    match edit {
        Edit::Declare { dir, service, .. } => {
            for file in changed.services.iter_mut().filter(|file| file.dir == *dir) {
                file.service = (*service).clone();
            }
        }
        Edit::Add(Newcomer { dir, rendered, .. }) => changed.services.push(ServiceFile {
            dir: project.root.join(dir),
            service: rendered.service.clone(),
            document: Value::Null,
        }),
    }
    changed
}

fn shown(dir: &Path, root: &Path) -> String {
    dir.strip_prefix(root).unwrap_or(dir).display().to_string()
}

/// A service that is there.
struct Member {
    dir: PathBuf,
    service: Service,
    again: Again,
    /// Whether its declaration is the one that changes.
    edited: bool,
}

/// The services that are there, rendered anew; but for those that msvc did not make, which are the user's alone.
fn members(project: &Project, edit: &Edit, place: Place) -> Result<Vec<Member>> {
    let made = project.services.iter().filter(|file| file.dir.join(LOCK).is_file());
    let member = |file: &ServiceFile| {
        let dir = file.dir.clone();
        if let Edit::Declare { dir: edited, declared, service, allow_data_loss } = edit
            && dir == *edited
        {
            let again = Again::render(&dir, declared, service, *allow_data_loss, place)?;
            return Ok(Member { dir, service: (*service).clone(), again, edited: true });
        }
        let declared = lock::read(&dir)?.declared;
        let service = parse_service(&declared, lock::BASE)?;
        let again = Again::render(&dir, &declared, &service, false, place)?;
        Ok(Member { dir, service, again, edited: false })
    };
    made.map(member).collect()
}

impl Member {
    /// Its folder, as seen from the system's.
    fn shown(&self, root: &Path) -> String {
        shown(&self.dir, root)
    }

    fn part(&self, root: &Path, place: Place) -> Part {
        Part::new(self.shown(root), &self.service, &self.again.source, self.again.theirs.clone(), place)
    }

    /// Merges what its files are in the system.
    fn merge(mut self, plan: &mut Plan, theirs: Tree, root: &Path) -> Result<()> {
        let dir = self.shown(root);
        self.again.theirs = theirs;
        plan.new_version = plan.new_version.take().or(self.again.new_version());
        let Merged { changes, provenance } = self.again.merged(&self.dir)?;
        // What waits in the msvc.yaml of another service stays there.
        let changes = changes.into_iter().filter(|change| self.edited || change.path != FILE);
        let before = plan.changes.len();
        plan.changes.extend(changes.map(|change| Change { path: format!("{dir}/{}", change.path), ..change }));
        if self.edited || plan.changes.len() > before {
            plan.provenance.extend(below(&dir, provenance));
        }
        Ok(())
    }
}

/// All files of a new service.
fn add(plan: &mut Plan, newcomer: &Newcomer, files: Tree, root: &Path) -> Result<()> {
    let files = newcomer.files(files, &root.join(&newcomer.dir))?;
    let create = |(path, entry)| Change { path, action: Action::Create, entry: Some(entry) };
    plan.changes.extend(below(&newcomer.dir, files).map(create));
    Ok(())
}

/// What services share.
fn merge_root(plan: &mut Plan, recorded: Provenance, mut theirs: Tree, rules: &Rules, root: &Path) -> Result<()> {
    let Provenance { lock, mut base, declared } = recorded;
    // The system's msvc.yaml is the user's.
    let template = base.remove(FILE);
    let ours = read(root, base.keys().chain(theirs.keys()))?;
    plan.changes.extend(merge::merge(&base, &ours, &theirs, rules)?);
    if !plan.changes.is_empty() {
        theirs.extend(template.map(|entry| (FILE.to_owned(), entry)));
        plan.provenance.extend(Provenance { lock, base: theirs, declared }.files()?);
    }
    Ok(())
}

fn below(dir: &str, files: impl IntoIterator<Item = (String, Entry)>) -> impl Iterator<Item = (String, Entry)> {
    files.into_iter().map(move |(path, entry)| (format!("{dir}/{path}"), entry))
}

impl About {
    /// Of a system that is there.
    #[must_use]
    pub fn of(system: &System) -> Self {
        Self {
            name: system.name.clone(),
            description: system.description.clone(),
            environment: system.environments.keys().next().map_or("staging", |name| name.as_str()).to_owned(),
        }
    }
}
