//! Generated projects that several tests look at: each is made once, and so built once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A project that a test has to itself for as long as it holds this.
pub struct Shared(MutexGuard<'static, Option<PathBuf>>);

impl Deref for Shared {
    type Target = Path;

    fn deref(&self) -> &Path {
        self.0.as_deref().unwrap()
    }
}

/// The project called `name`, which `make` makes in the folder that it is given when it is asked for the first time.
pub fn shared(name: &'static str, make: impl FnOnce(&Path)) -> Shared {
    static ALL: Mutex<BTreeMap<&str, &Mutex<Option<PathBuf>>>> = Mutex::new(BTreeMap::new());
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    let one = *all.entry(name).or_insert_with(|| Box::leak(Box::default()));
    drop(all);
    let mut place = one.lock().unwrap_or_else(PoisonError::into_inner);
    if place.is_none() {
        let parent = folder().join(name);
        let _ = std::fs::remove_dir_all(&parent);
        std::fs::create_dir_all(&parent).unwrap();
        make(&parent);
        *place = Some(parent.join(name));
    }
    Shared(place)
}

/// Outside of this repository, whose settings of rustfmt and git would count there; the same in every run, so that what
/// did not change is not built again.
fn folder() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_TARGET_TMPDIR").hash(&mut hasher);
    std::env::temp_dir().join(format!("msvc-tests-{:016x}", hasher.finish()))
}
