//! The keys that access tokens are signed with. Each has an id, which tokens carry as `kid`: a new
//! key is put before the old ones, and an old one goes when the last token it signed has expired.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, EncodingKey};

/// HMAC-SHA256 is as strong as its key, up to this many bytes.
const LENGTH: usize = 32;

/// One key at least; the first is the newest.
#[derive(Clone)]
pub struct Keys {
    all: Vec<Key>,
    is_random: bool,
}

#[derive(Clone)]
pub(super) struct Key {
    pub id: String,
    pub signing: EncodingKey,
    pub verifying: DecodingKey,
}

impl Key {
    fn new(id: &str, secret: &[u8]) -> Self {
        Self {
            id: id.to_owned(),
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
        }
    }
}

impl Keys {
    /// A single key that nobody else has: what it signs is worth nothing after a restart.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn random() -> anyhow::Result<Self> {
        let mut secret = [0; LENGTH];
        getrandom::fill(&mut secret)?;
        let all = vec![Key::new("random", &secret)];
        Ok(Self {
            all,
            is_random: true,
        })
    }

    /// Whether they were made up, as nobody gave any.
    #[must_use]
    pub fn is_random(&self) -> bool {
        self.is_random
    }

    pub(super) fn newest(&self) -> &Key {
        &self.all[0]
    }

    pub(super) fn find(&self, id: &str) -> Option<&Key> {
        self.all.iter().find(|key| key.id == id)
    }
}

impl FromStr for Keys {
    type Err = String;

    /// Reads `ID:SECRET,..`, each secret base64. What is wrong is told without a secret.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut all: Vec<Key> = Vec::new();
        for (index, key) in text.split(',').enumerate() {
            let complaint = |what: &str| format!("key {}: {what}", index + 1);
            let (id, secret) = key
                .trim()
                .split_once(':')
                .ok_or_else(|| complaint("must be written ID:SECRET"))?;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            if id.is_empty() || !id.chars().all(is_plain) {
                return Err(complaint(
                    "its id must be made of letters, digits, - _ and .",
                ));
            }
            if all.iter().any(|other| other.id == id) {
                return Err(complaint("another one has its id"));
            }
            let secret = STANDARD.decode(secret);
            let secret = secret.map_err(|_| complaint("its secret is not base64"))?;
            if secret.len() < LENGTH {
                return Err(complaint("its secret must have 32 bytes at least"));
            }
            all.push(Key::new(id, &secret));
        }
        Ok(Self {
            all,
            is_random: false,
        })
    }
}

/// Shows ids, never secrets.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.all.iter().map(|key| &key.id))
            .finish()
    }
}
