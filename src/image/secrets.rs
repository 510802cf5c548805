//! Secrets that steps of a Dockerfile may read while they run: `--secret id=NAME,src=FILE`, as docker takes them.

use std::fmt;
use std::path::Path;

use crate::error::{Error, Result, nearest};

/// What BuildKit takes at most, in bytes.
const LARGEST: usize = 500 * 1024;
/// Shorter lines are not searched for in what steps print: they are no secrets, and stand everywhere.
const SHORTEST: usize = 4;
const KEYS: [&str; 5] = ["id", "src", "source", "env", "type"];
const FORM: &str = "write `--secret id=NAME,src=FILE` or `--secret id=NAME,env=VARIABLE`";

/// One secret, read when the command begins: what can't be had is told of before anything is built.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// What the Dockerfile calls it.
    pub id: String,
    /// Its bytes.
    pub(super) value: Vec<u8>,
}

/// Nothing secret is shown.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Secret {
    /// Reads the secret that `text` describes; paths count from `dir`. Errors never repeat what may be the secret itself.
    ///
    /// # Errors
    /// The text is not understood, or its file or variable can't be read (exit code 2).
    pub fn read(text: &str, dir: &Path) -> Result<Self> {
        let (mut id, mut file, mut variable, mut kind) = (None, None, None, None);
        for part in text.split(',') {
            let Some((key, value)) = part.split_once('=') else {
                return Err(Error::usage("a part of `--secret` is not of the form KEY=VALUE").hint(FORM));
            };
            let place = match key.trim() {
                "id" => &mut id,
                "src" | "source" => &mut file,
                "env" => &mut variable,
                "type" => &mut kind,
                other => {
                    let hint = nearest(other, KEYS).map_or(FORM.to_owned(), |key| format!("did you mean `{key}`?"));
                    return Err(Error::usage(format!("`--secret` knows no `{other}`")).hint(hint));
                }
            };
            *place = Some(value.to_owned());
        }
        let id = id.filter(|id| !id.is_empty()).ok_or_else(|| Error::usage("`--secret` has no `id`").hint(FORM))?;
        let value = match (kind.as_deref(), file, variable) {
            (None | Some("file"), Some(file), None) => from_file(&id, &dir.join(file))?,
            (None | Some("env"), None, Some(variable)) => from_variable(&id, &variable)?,
            (Some("env"), variable, None) => from_variable(&id, &variable.unwrap_or_else(|| id.clone()))?,
            // As docker does: the variable of this name, or else the file.
            (None, None, None) if std::env::var_os(&id).is_some() => from_variable(&id, &id)?,
            (None | Some("file"), None, None) => from_file(&id, &dir.join(&id))?,
            (Some(other), ..) if !matches!(other, "file" | "env") => {
                return Err(Error::usage(format!("the secret {id} is of no known type"))
                    .hint("secrets are of type `file` or `env`"));
            }
            _ => return Err(Error::usage(format!("the secret {id} has more than one source")).hint(FORM)),
        };
        if value.len() > LARGEST {
            return Err(Error::usage(format!("the secret {id} is too large"))
                .cause(format!("it has {} bytes, and BuildKit takes {LARGEST}", value.len())));
        }
        Ok(Self { id, value })
    }

    /// The lines of it that must not be shown where a step prints them.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let text = String::from_utf8_lossy(&self.value).into_owned();
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        lines.into_iter().filter(|line| line.len() >= SHORTEST)
    }
}

fn from_file(id: &str, file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|e| {
        Error::usage(format!("the secret {id} can't be read")).cause(format!("{}: {e}", file.display())).hint(FORM)
    })
}

fn from_variable(id: &str, variable: &str) -> Result<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    let value = std::env::var_os(variable).ok_or_else(|| {
        Error::usage(format!("the secret {id} can't be read"))
            .cause(format!("the environment has no variable {variable}"))
            .hint(FORM)
    })?;
    Ok(value.into_vec())
}
