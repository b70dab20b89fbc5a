use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::RunError;

/// Writes a whole file: beside its place, flushed to the medium, then renamed into it. Missing folders are made.
///
/// # Errors
/// The place cannot be written; an older file of that name is then untouched.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    write(path, bytes, 0o666)
}

/// The same, readable by its owner alone.
///
/// # Errors
/// The place cannot be written; an older file of that name is then untouched.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    write(path, bytes, 0o600)
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), RunError> {
    let failed = |e| RunError::writing(path, e);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(|e| RunError::writing(folder, e))?;
    if path.is_dir() {
        return Err(failed(std::io::ErrorKind::IsADirectory.into()));
    }
    let mut file = with_mode(folder, mode).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// A file that disappears unless it is renamed, with the usual permissions (the umask still applies).
pub(crate) fn beside(folder: &Path) -> std::io::Result<NamedTempFile> {
    with_mode(folder, 0o666)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "no modes there"))]
fn with_mode(folder: &Path, mode: u32) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".renkei-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests_support::scratch;

    #[test]
    fn files_are_replaced_whole_and_folders_are_made() {
        let dir = scratch();
        let path = dir.path().join("a/b/report.html");
        assert!(write_file(&path, b"one").is_ok());
        assert!(write_file(&path, b"two").is_ok());
        assert_eq!(std::fs::read(&path).ok().as_deref(), Some(&b"two"[..]));
        assert_eq!(
            std::fs::read_dir(dir.path().join("a/b"))
                .map(Iterator::count)
                .ok(),
            Some(1)
        );
    }

    #[test]
    fn a_folder_or_a_file_in_the_way_is_told() {
        let dir = scratch();
        assert!(write_file(&dir.path().join("x"), b"").is_ok());
        for path in ["", "x/y"] {
            let error = write_file(&dir.path().join(path), b"").err();
            assert!(error.is_some_and(|e| e.message().en.contains("cannot be written")));
        }
    }
}
