//! The key of a project, in a file that only its owner reads.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use renkei_core::mask::Key;
use renkei_core::model::Bilingual;
use renkei_core::spec::hex;
use sha2::{Digest, Sha256};

use crate::error::RunError;

/// Reads the key, or draws one and keeps it (permissions 0600) when there is no such file. The flag says that it was made.
///
/// # Errors
/// The file holds no key, or others may read it, or it cannot be written.
pub fn project_key(path: &Path) -> Result<(Key, bool), RunError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            guard(path)?;
            let key = Key::parse(&text).ok_or_else(|| {
                refused(
                    path,
                    Bilingual::new(
                        "鍵ファイルではありません（16進64桁の1行のはずです）",
                        "this is no key file: it should hold one line of 64 hexadecimal digits",
                    ),
                )
            })?;
            Ok((key, false))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => make(path).map(|key| (key, true)),
        Err(error) => Err(RunError::reading(path, error)),
    }
}

/// Random bytes: four version 4 UUIDs hold 488 random bits of the system's generator; their digest is the key.
fn make(path: &Path) -> Result<Key, RunError> {
    let mut hash = Sha256::new();
    for _ in 0..4 {
        hash.update(uuid::Uuid::new_v4().as_bytes());
    }
    let bytes: [u8; 32] = hash.finalize().into();
    let failed = |e| RunError::writing(path, e);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(format!("{}\n", hex(&bytes)).as_bytes())
        .map_err(failed)?;
    file.sync_all().map_err(failed)?;
    Ok(Key::new(bytes))
}

#[cfg(unix)]
fn guard(path: &Path) -> Result<(), RunError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|e| RunError::reading(path, e))?;
    if mode.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(refused(
        path,
        Bilingual::new(
            "鍵ファイルをほかの利用者が読めます。chmod 600 で本人だけにしてください",
            "others may read the key file; make it yours alone with chmod 600",
        ),
    ))
}

#[cfg(not(unix))]
fn guard(_: &Path) -> Result<(), RunError> {
    Ok(())
}

fn refused(path: &Path, message: Bilingual) -> RunError {
    RunError::Input {
        place: path.display().to_string(),
        message,
        help: Bilingual::new(
            "鍵ファイルは --key で指定し、報告書とは別の場所に置きます。ないときは作られます",
            "name it with --key and keep it apart from reports; it is made when it is not there",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let dir = scratch();
        let path = dir.path().join("project.key");
        let first = project_key(&path).ok();
        assert!(first.is_some_and(|(_, made)| made));
        let again = project_key(&path).ok();
        assert_eq!(
            again.map(|(k, made)| (Some(k), made)),
            Some((first.map(|(k, _)| k), false))
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |m| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(m));
            assert!(mode(0o644).is_ok() && project_key(&path).is_err());
            assert!(mode(0o600).is_ok() && project_key(&path).is_ok());
        }
        assert!(std::fs::write(&path, "no key").is_ok() && project_key(&path).is_err());
    }
}
