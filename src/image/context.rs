//! The build context: the files of a folder as a tar stream, in a fixed order, with flat memory.

use std::fs::{DirEntry, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

use super::ignore::{Ignore, Verdict};
use crate::error::{Context as _, Error, Result};

/// What a build may see.
#[derive(Debug)]
pub(super) struct Context {
    root: PathBuf,
    dockerfile: PathBuf,
    ignore: Ignore,
    /// What is left out besides.
    without: Vec<PathBuf>,
}

/// How much was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// Files and links.
    pub files: u64,
    /// Their content.
    pub bytes: u64,
}

impl Context {
    /// The files below `root`, those aside that `<Dockerfile>.dockerignore`, or else `.dockerignore`, leaves out.
    /// The Dockerfile, relative to `root`, is always among them: the engine reads it from there.
    ///
    /// # Errors
    /// An ignore file can't be read, or has a pattern that is none.
    pub(super) fn new(root: &Path, dockerfile: &Path) -> Result<Self> {
        let mut own = dockerfile.as_os_str().to_owned();
        own.push(".dockerignore");
        let mut ignore = Ignore::default();
        for name in [Path::new(&own), Path::new(".dockerignore")] {
            match std::fs::read_to_string(root.join(name)) {
                Ok(text) => {
                    ignore = Ignore::parse(&text, &name.display().to_string())?;
                    break;
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e).failed(|| format!("could not read {}", name.display())),
            }
        }
        Ok(Self { root: root.to_owned(), dockerfile: dockerfile.to_owned(), ignore, without: Vec::new() })
    }

    /// The same context without these files and folders, relative to its root.
    pub(super) fn without(self, without: Vec<PathBuf>) -> Self {
        Self { without, ..self }
    }

    /// A hash of all that a build may see, times aside.
    ///
    /// # Errors
    /// A file can't be read, or changes while it is.
    pub(super) fn hash(&self) -> Result<String> {
        let mut hasher = Sha256::new();
        self.write_at(&mut hasher, 0)?;
        Ok(format!("{:x}", hasher.finalize()))
    }

    /// Writes the context as a tar archive. Every entry has the current time: cargo takes sources that are older than
    /// its last build for unchanged, while the engine's cache looks at content only.
    ///
    /// # Errors
    /// A file can't be read, or changes while it is; the receiver is gone.
    pub(super) fn write(&self, out: impl Write) -> Result<Sent> {
        self.write_at(out, SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()))
    }

    fn write_at(&self, out: impl Write, now: u64) -> Result<Sent> {
        let mut archive = Archive { tar: Builder::new(out), now, sent: Sent::default(), pending: Vec::new() };
        self.folder(&mut archive, Path::new(""), &Verdict::default())?;
        let sent = archive.sent;
        archive.tar.into_inner().and_then(|mut out| out.flush()).failed(|| "could not send the build's context")?;
        Ok(sent)
    }

    fn folder<W: Write>(&self, archive: &mut Archive<W>, folder: &Path, above: &Verdict) -> Result<()> {
        let full = self.root.join(folder);
        let unreadable = || format!("could not read {}", full.display());
        let mut entries =
            std::fs::read_dir(&full).and_then(Iterator::collect::<io::Result<Vec<DirEntry>>>).failed(unreadable)?;
        entries.sort_by_key(DirEntry::file_name);
        for entry in entries {
            self.entry(archive, &folder.join(entry.file_name()), above)?;
        }
        Ok(())
    }

    fn entry<W: Write>(&self, archive: &mut Archive<W>, path: &Path, above: &Verdict) -> Result<()> {
        if self.without.iter().any(|left| left == path) {
            return Ok(());
        }
        let full = self.root.join(path);
        let name = path.to_string_lossy();
        let verdict = self.ignore.verdict(&name, above);
        let metadata = full.symlink_metadata().failed(|| format!("could not read {}", full.display()))?;
        if metadata.is_dir() {
            let enter = !verdict.ignored || self.dockerfile.starts_with(path) || self.ignore.may_hold_exceptions(&name);
            if !enter {
                return Ok(());
            }
            let mark = archive.pending.len();
            archive.pending.push((path.to_owned(), metadata));
            if !verdict.ignored {
                archive.folders().failed(|| could_not_send(path))?;
            }
            self.folder(archive, path, &verdict)?;
            archive.pending.truncate(mark);
            return Ok(());
        }
        if verdict.ignored && path != self.dockerfile {
            return Ok(());
        }
        archive.folders().failed(|| could_not_send(path))?;
        if metadata.is_symlink() {
            archive.link(path, &full, &metadata).failed(|| could_not_send(path))
        } else if metadata.is_file() {
            archive.file(path, &full, &metadata)
        } else {
            // Sockets and pipes have no content to build from.
            Ok(())
        }
    }
}

fn could_not_send(path: &Path) -> String {
    format!("could not send {} to the engine", path.display())
}

struct Archive<W: Write> {
    tar: Builder<W>,
    now: u64,
    sent: Sent,
    /// Folders that were entered but not sent: an ignored one is sent only if something in it is.
    pending: Vec<(PathBuf, Metadata)>,
}

impl<W: Write> Archive<W> {
    fn header(&self, kind: EntryType, metadata: &Metadata, size: u64) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(metadata.permissions().mode() & 0o7777);
        header.set_mtime(self.now);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(size);
        header
    }

    /// Sends the folders around what comes next.
    fn folders(&mut self) -> io::Result<()> {
        for (path, metadata) in std::mem::take(&mut self.pending) {
            let mut header = self.header(EntryType::Directory, &metadata, 0);
            self.tar.append_data(&mut header, &path, io::empty())?;
        }
        Ok(())
    }

    fn link(&mut self, path: &Path, full: &Path, metadata: &Metadata) -> io::Result<()> {
        let target = std::fs::read_link(full)?;
        let mut header = self.header(EntryType::Symlink, metadata, 0);
        self.tar.append_link(&mut header, path, target)?;
        self.sent.files += 1;
        Ok(())
    }

    fn file(&mut self, path: &Path, full: &Path, metadata: &Metadata) -> Result<()> {
        let file = File::open(full).failed(|| format!("could not read {}", full.display()))?;
        let size = metadata.len();
        let mut header = self.header(EntryType::Regular, metadata, size);
        let content = Exactly { inner: file, left: size };
        self.tar.append_data(&mut header, path, content).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => Error::failed(format!("{} changed while it was read", full.display()))
                .hint("build again when nothing writes to it"),
            _ => Error::failed(could_not_send(path)).cause(e.to_string()),
        })?;
        self.sent.files += 1;
        self.sent.bytes += size;
        Ok(())
    }
}

/// A reader that gives as many bytes as were promised, or fails: the archive's next entry must start where its header
/// says.
struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.inner.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io::{self, Write};
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};

    use super::Context;

    fn names(archive: &[u8]) -> Vec<Vec<u8>> {
        let mut archive = tar::Archive::new(archive);
        archive.entries().unwrap().map(|entry| entry.unwrap().path_bytes().into_owned()).collect()
    }

    #[test]
    fn names_may_be_any_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let strange: [&[u8]; 4] = [b"a file", b"two\nlines", b"\xff\xfe.bin", b" "];
        for name in strange {
            std::fs::write(dir.path().join(OsStr::from_bytes(name)), "x").unwrap();
        }
        let mut archive = Vec::new();
        let sent = Context::new(dir.path(), Path::new("Dockerfile")).unwrap().write(&mut archive).unwrap();
        assert_eq!(sent.files, 4);
        let mut sorted = strange.to_vec();
        sorted.sort_unstable();
        assert_eq!(names(&archive), sorted);
    }

    #[test]
    fn what_is_left_out_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let file = dir.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        let context = || Context::new(dir.path(), Path::new("Dockerfile")).unwrap().without(vec![PathBuf::from("b")]);
        write("a/x", "one");
        let first = context().hash().unwrap();
        write("b/x", "other");
        assert_eq!(context().hash().unwrap(), first);
        write("a/x", "two");
        assert_ne!(context().hash().unwrap(), first);
    }

    /// Cuts a file short as soon as something of it was sent.
    struct Cutter(PathBuf);

    impl Write for Cutter {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            if data.contains(&b'z') {
                std::fs::write(&self.0, "").unwrap();
            }
            Ok(data.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("growing.log");
        std::fs::write(&file, "z".repeat(1 << 20)).unwrap();
        let context = Context::new(dir.path(), Path::new("Dockerfile")).unwrap();
        let error = context.write(Cutter(file.clone())).unwrap_err();
        assert_eq!(error.message, format!("{} changed while it was read", file.display()));
    }

    /// Removes a file as soon as anything was sent.
    struct Remover(PathBuf);

    impl Write for Remover {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            let _ = std::fs::remove_file(&self.0);
            Ok(data.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_is_gone_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("gone");
        std::fs::write(dir.path().join("a"), "z".repeat(1 << 20)).unwrap();
        std::fs::write(&file, "").unwrap();
        let context = Context::new(dir.path(), Path::new("Dockerfile")).unwrap();
        let error = context.write(Remover(file.clone())).unwrap_err();
        assert_eq!(error.message, format!("could not read {}", file.display()));
    }
}
