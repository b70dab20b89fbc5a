use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use renkei_core::agreement::SecretSource;
use renkei_core::model::Bilingual;
use renkei_core::spec::hex;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::RunError;

/// A value that is never shown: no `Debug`, no `Display`, no `Serialize`; wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// Reads the value from where a profile says it is. `folder` is the folder of the profile.
    ///
    /// # Errors
    /// The file or variable is missing, unreadable or empty; the message never holds the value.
    pub fn read(source: &SecretSource, folder: &Path) -> Result<Self, RunError> {
        let (place, text) = match source {
            SecretSource::File(name) => {
                let path = folder.join(name);
                let text = std::fs::read_to_string(&path)
                    .map(Zeroizing::new)
                    .map_err(|e| RunError::reading(&path, e))?;
                (path.display().to_string(), text)
            }
            SecretSource::Env(name) => {
                let text = std::env::var(name).map_err(|_| missing_variable(name))?;
                (name.clone(), Zeroizing::new(text))
            }
        };
        if text.trim().is_empty() {
            return Err(RunError::Input {
                place,
                message: Bilingual::new("秘密鍵（シークレット）が空です", "the secret is empty"),
                help: Bilingual::new(
                    "発行されたクライアントシークレットを1行で書いてください",
                    "put the issued client secret there, on one line",
                ),
            });
        }
        Ok(Self::new(text.trim()))
    }

    /// The value, for the one place that must send it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// First 12 hex digits of its SHA-256: enough to recognise it again, useless to an attacker of a random value.
    pub fn digest(&self) -> String {
        digest(self.0.as_bytes())
    }

    /// Its length in characters.
    pub fn chars(&self) -> u64 {
        self.0.chars().count() as u64
    }
}

fn missing_variable(name: &str) -> RunError {
    RunError::Input {
        place: name.to_owned(),
        message: Bilingual::new(
            format!("環境変数 {name} がありません（または UTF-8 ではありません）"),
            format!("environment variable {name} is not set (or not UTF-8)"),
        ),
        help: Bilingual::new(
            "値を設定してから実行するか、profile.toml の secret を file に変えてください",
            "set it before the run, or name a file in profile.toml",
        ),
    }
}

/// First 12 hex digits of the SHA-256 of `bytes`.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut text = hex(&Sha256::digest(bytes));
    text.truncate(12);
    text
}

/// All secrets a run has met. What is about to be kept passes through [`Vault::scrub`], so that a peer that echoes a
/// secret in a place nobody thought of still leaves none in the bundle.
#[derive(Clone, Default)]
pub struct Vault(Arc<Mutex<Vec<Secret>>>);

/// Shorter values occur by chance; replacing them would alter evidence.
const SHORTEST_SCRUBBED: usize = 8;

impl Vault {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers a secret.
    pub fn learn(&self, secret: &Secret) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if secret.expose().len() >= SHORTEST_SCRUBBED
            && !known.iter().any(|k| k.expose() == secret.expose())
        {
            known.push(secret.clone());
        }
    }

    /// The bytes with every known secret replaced by `sha256:<12 hex>`; borrowed when there is none.
    pub fn scrub<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Cow::Borrowed(bytes);
        for secret in known.iter() {
            let needle = secret.expose().as_bytes();
            if memmem::find(&out, needle).is_some() {
                out = Cow::Owned(replace(
                    &out,
                    needle,
                    format!("sha256:{}", secret.digest()).as_bytes(),
                ));
            }
        }
        out
    }

    /// The same for text.
    pub fn scrub_text(&self, text: &str) -> String {
        match self.scrub(text.as_bytes()) {
            Cow::Borrowed(_) => text.to_owned(),
            Cow::Owned(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        }
    }
}

fn replace(bytes: &[u8], needle: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memmem::find_iter(bytes, needle) {
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        out.extend_from_slice(by);
        from = at + needle.len();
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_disappear_wherever_they_stand() {
        let vault = Vault::new();
        vault.learn(&Secret::new("canary-secret-0001"));
        vault.learn(&Secret::new("short"));
        let text = vault.scrub_text("a canary-secret-0001, canary-secret-0001 short");
        let mark = format!("sha256:{}", digest(b"canary-secret-0001"));
        assert_eq!(text, format!("a {mark}, {mark} short"));
        assert!(matches!(vault.scrub(b"nothing"), Cow::Borrowed(_)));
    }
}
