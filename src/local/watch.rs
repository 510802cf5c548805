//! Tells when files of a project change, those aside that git ignores: databases, logs and what is built.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::error::{Error, Result};
use crate::git::Ignores;

/// Changes come in bursts: an editor writes a file in several steps, `git switch` writes many. They count as one when
/// nothing follows for this long.
const QUIET: Duration = Duration::from_millis(150);
/// A burst that does not end is told of after this long.
const LONGEST: Duration = Duration::from_secs(2);

/// Settings of a service on this machine: git ignores them, but they count.
pub(super) const SETTINGS: &str = ".env";

/// Watches a project's folder.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    ignores: Ignores,
    paths: mpsc::UnboundedReceiver<PathBuf>,
    changed: BTreeSet<PathBuf>,
    /// When the first of `changed` came, and the last.
    burst: Option<(Instant, Instant)>,
}

impl Watch {
    /// Begins to watch `root` and all below it.
    ///
    /// # Errors
    /// The system refuses (exit code 1).
    pub(super) fn begin(root: &Path) -> Result<Self> {
        let (sender, paths) = mpsc::unbounded_channel();
        let tell = move |event: notify::Result<Event>| {
            // That a file was read changes nothing; cargo reads all of them.
            let event = event.ok().filter(|event| !event.kind.is_access());
            for path in event.into_iter().flat_map(|event| event.paths) {
                let _ = sender.send(path);
            }
        };
        let watcher = notify::recommended_watcher(tell).map_err(|e| refused(root, &e))?;
        let ignores = Ignores::of(root)?;
        let mut watch = Self { watcher, ignores, paths, changed: BTreeSet::new(), burst: None };
        watch.cover(&root.canonicalize().unwrap_or_else(|_| root.to_owned())).map_err(|e| refused(root, &e))?;
        Ok(watch)
    }

    /// The files that changed, as soon as nothing changes for a moment. Given up, it loses none.
    pub(super) async fn changed(&mut self) -> BTreeSet<PathBuf> {
        loop {
            let due = self.burst.map(|(first, last)| (last + QUIET).min(first + LONGEST));
            let quiet = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = quiet => {
                    self.burst = None;
                    return std::mem::take(&mut self.changed);
                }
                path = self.paths.recv() => match path {
                    Some(path) => self.note(path),
                    None => std::future::pending().await,
                },
            }
        }
    }

    fn note(&mut self, path: PathBuf) {
        let settings = path.file_name().is_some_and(|name| name == SETTINGS);
        if self.ignores.ignores(&path) && !settings {
            return;
        }
        if path.is_dir() {
            // A folder that is new; one that is gone again needs no watching.
            let _ = self.cover(&path);
        }
        let now = Instant::now();
        self.burst = Some((self.burst.map_or(now, |(first, _)| first), now));
        self.changed.insert(path);
    }

    /// Watches a folder and those below it, each on its own: what is ignored may be large, and changes all the time.
    fn cover(&mut self, dir: &Path) -> notify::Result<()> {
        let mut open = vec![dir.to_owned()];
        while let Some(dir) = open.pop() {
            self.watcher.watch(&dir, RecursiveMode::NonRecursive)?;
            let entries = std::fs::read_dir(&dir).into_iter().flatten().flatten();
            let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            // Cargo marks what it builds into with this file, wherever that is.
            let built = |path: &Path| path.join("CACHEDIR.TAG").exists();
            open.extend(folders.map(|e| e.path()).filter(|path| !built(path) && !self.ignores.ignores(path)));
        }
        Ok(())
    }
}

fn refused(root: &Path, error: &notify::Error) -> Error {
    let told = Error::failed(format!("could not watch {}", root.display())).cause(error.to_string());
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => told.hint("`sysctl fs.inotify.max_user_watches=524288` allows more"),
        notify::ErrorKind::Io(e) if e.kind() == ErrorKind::QuotaExceeded || e.raw_os_error() == Some(24) => {
            told.hint("`sysctl fs.inotify.max_user_instances=512` allows more programs that watch")
        }
        _ => told,
    }
}

#[cfg(test)]
mod tests {
    use super::Watch;

    #[tokio::test]
    async fn a_burst_of_changes_is_one_and_what_git_ignores_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let write = |file: &str| std::fs::write(root.join(file), file).unwrap();
        std::fs::create_dir_all(root.join("src")).unwrap();
        std::fs::create_dir_all(root.join("data")).unwrap();
        write(".gitignore");
        std::fs::write(root.join(".gitignore"), "/data\n.env\n").unwrap();
        let mut watch = Watch::begin(&root).unwrap();
        write("data/x.db");
        write("src/a.rs");
        write("src/b.rs");
        write(".env");
        let changed: Vec<_> = watch.changed().await.into_iter().collect();
        assert_eq!(changed, [".env", "src/a.rs", "src/b.rs"].map(|file| root.join(file)));

        std::fs::create_dir(root.join("src/new")).unwrap();
        assert_eq!(watch.changed().await.into_iter().collect::<Vec<_>>(), [root.join("src/new")]);
        write("src/new/c.rs");
        assert_eq!(watch.changed().await.into_iter().collect::<Vec<_>>(), [root.join("src/new/c.rs")]);
    }
}
