//! Ed25519 keys as files of one line: `renkei-ed25519-private <base64 of PKCS#8>`, `renkei-ed25519-public <base64>`.

use std::path::Path;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use renkei_core::model::Bilingual;

use crate::error::RunError;
use crate::store::write_file;

const PRIVATE: &str = "renkei-ed25519-private";
const PUBLIC: &str = "renkei-ed25519-public";

/// The secret half.
#[derive(Debug)]
pub struct SigningKey(Ed25519KeyPair);

/// The public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey(Vec<u8>);

/// Makes a pair: the private key in `path` (readable by its owner alone), the public one beside it with `.pub` appended.
///
/// # Errors
/// A file of that name is there already, or cannot be written.
pub fn generate(path: &Path) -> Result<std::path::PathBuf, RunError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    let beside = std::path::PathBuf::from(beside);
    for file in [path, &beside] {
        if file.exists() {
            return Err(RunError::writing(
                file,
                std::io::ErrorKind::AlreadyExists.into(),
            ));
        }
    }
    let failed = |_| RunError::writing(path, std::io::Error::other("no key could be made"));
    let pair = Ed25519KeyPair::generate().map_err(failed)?;
    let secret: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
    write_secret(
        path,
        &format!("{PRIVATE} {}\n", STANDARD.encode(secret.as_ref())),
    )?;
    let public = STANDARD.encode(pair.public_key().as_ref());
    write_file(&beside, format!("{PUBLIC} {public}\n").as_bytes())?;
    Ok(beside)
}

fn write_secret(path: &Path, text: &str) -> Result<(), RunError> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |e| RunError::writing(path, e);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

fn read(path: &Path, label: &str) -> Result<Vec<u8>, RunError> {
    let text = std::fs::read_to_string(path).map_err(|e| RunError::reading(path, e))?;
    let encoded = text.trim().strip_prefix(label).map(str::trim);
    encoded
        .and_then(|text| STANDARD.decode(text).ok())
        .ok_or_else(|| not_a_key(path, label))
}

fn not_a_key(path: &Path, label: &str) -> RunError {
    RunError::Input {
        place: path.display().to_string(),
        message: Bilingual::new(
            format!("鍵のファイルではありません（{label} で始まる1行が必要です）"),
            format!("not a key (one line that begins with {label} is expected)"),
        ),
        help: Bilingual::new(
            "renkei pack keygen で作った鍵を指定してください。署名には鍵、確認には .pub を使います",
            "use a key made by renkei pack keygen: the key itself signs, its .pub verifies",
        ),
    }
}

impl SigningKey {
    /// Reads a private key.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let bytes = read(path, PRIVATE)?;
        Ed25519KeyPair::from_pkcs8(&bytes)
            .map(Self)
            .map_err(|_| not_a_key(path, PRIVATE))
    }

    /// `<public key> <signature>`, both base64.
    pub(super) fn seal(&self, message: &[u8]) -> String {
        let signature = self.0.sign(message);
        let public = STANDARD.encode(self.0.public_key().as_ref());
        format!(
            "{PUBLIC} {public} {}\n",
            STANDARD.encode(signature.as_ref())
        )
    }
}

impl VerifyingKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        read(path, PUBLIC).map(Self)
    }

    /// The key that a seal names, when its signature over the message is right.
    pub(super) fn of_seal(seal: &[u8], message: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(seal).ok()?.trim();
        let (public, signature) = text.strip_prefix(PUBLIC)?.trim().split_once(' ')?;
        let (public, signature) = (
            STANDARD.decode(public).ok()?,
            STANDARD.decode(signature).ok()?,
        );
        UnparsedPublicKey::new(&ED25519, &public)
            .verify(message, &signature)
            .ok()?;
        Some(Self(public))
    }

    /// Base64, for people to compare.
    pub fn text(&self) -> String {
        STANDARD.encode(&self.0)
    }
}
