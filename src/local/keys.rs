//! `JWT_KEYS`: what the services of a system sign and verify tokens with. All need the same, so they get one that is
//! made up once for each project on this machine, unless the user gives one.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::progress::Progress;
use crate::project::{Project, ServiceFile};

/// The variable that services read.
pub(super) const VARIABLE: &str = "JWT_KEYS";

/// Bytes of a key: HMAC-SHA256 is as strong as its key, up to this many.
const LENGTH: usize = 32;

/// What each of `services` is given; `None`: it needs no keys, or has some.
pub(super) fn hand_out(project: &Project, services: &[&ServiceFile], progress: &dyn Progress) -> Vec<Option<String>> {
    // A service alone makes some up itself. What is in msvc's own environment, services inherit.
    if project.system.is_none() || std::env::var_os(VARIABLE).is_some() {
        return services.iter().map(|_| None).collect();
    }
    let file = std::env::var_os("CONFIG_FILE").map_or_else(|| PathBuf::from(".env"), PathBuf::from);
    let own: Vec<Option<String>> = services.iter().map(|service| written(&service.dir.join(&file))).collect();
    let needs = |service: &ServiceFile| service.service.needs_token_keys();
    let all = || services.iter().zip(&own);
    if all().all(|(service, own)| own.is_some() || !needs(service)) {
        return services.iter().map(|_| None).collect();
    }
    // What one file says holds for those that have no file of their own; foremost, what tokens are signed with.
    let signer = all().find_map(|(service, own)| own.clone().filter(|_| service.service.has_accounts()));
    let keys = signer.or_else(|| own.iter().flatten().next().cloned()).unwrap_or_else(|| {
        progress.detail("JWT_KEYS: a key of this machine for this project");
        of_project(&project.root)
    });
    all().map(|(service, own)| (needs(service) && own.is_none()).then(|| keys.clone())).collect()
}

/// What a file of settings says, if it is there; that it can't be read, the service tells itself.
fn written(file: &Path) -> Option<String> {
    let settings = dotenvy::from_path_iter(file).ok()?;
    settings.flatten().find(|(name, _)| name == VARIABLE).map(|(_, value)| value)
}

/// The project's own: made up the first time, then kept outside of its folder, so that it gets into no repository and
/// no image, and accounts stay logged in.
fn of_project(root: &Path) -> String {
    let made = || format!("local:{}", STANDARD.encode(rand::random::<[u8; LENGTH]>()));
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| std::env::home_dir().map(|home| home.join(".local/state")));
    // Without a place for it, it lasts as long as this run.
    state.and_then(|state| kept(&state.join("msvc/keys"), root, made).ok()).unwrap_or_else(made)
}

fn kept(dir: &Path, root: &Path, made: impl Fn() -> String) -> io::Result<String> {
    let root = root.canonicalize()?;
    let digest = Sha256::digest(root.as_os_str().as_encoded_bytes());
    let name = digest.iter().fold(String::new(), |name, byte| format!("{name}{byte:02x}"));
    let file = dir.join(name);
    if let Ok(keys) = fs::read_to_string(&file)
        && !keys.is_empty()
    {
        return Ok(keys);
    }
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let keys = made();
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&file)?.write_all(keys.as_bytes())?;
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{kept, written};

    #[test]
    fn a_key_is_kept_for_each_project_and_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        let [keys, one, other] = ["keys", "one", "other"].map(|name| dir.path().join(name));
        std::fs::create_dir(&one).unwrap();
        std::fs::create_dir(&other).unwrap();
        assert_eq!(kept(&keys, &one, || "first".into()).unwrap(), "first");
        assert_eq!(kept(&keys, &one, || "second".into()).unwrap(), "first");
        assert_eq!(kept(&keys, &other, || "third".into()).unwrap(), "third");
        for entry in keys.read_dir().unwrap() {
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_of_settings_is_read_as_services_do() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(".env");
        assert_eq!(written(&file), None);
        std::fs::write(&file, "# mine\nPORT=1\nJWT_KEYS=\"a:b=\"\n").unwrap();
        assert_eq!(written(&file).as_deref(), Some("a:b="));
    }
}
