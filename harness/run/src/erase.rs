//! Deletes bundles and files and verifies that they are gone. Links are never followed.

use std::io;
use std::path::{Path, PathBuf};

use renkei_core::model::Bilingual;
use renkei_core::record::ErasedFile;

use crate::error::RunError;
use crate::store::{Bundle, digest_of};

/// Something that may be erased: found, in bounds, every file of it known.
#[derive(Debug)]
pub struct Target {
    /// As it was given.
    pub given: PathBuf,
    /// It is a run bundle.
    pub is_bundle: bool,
    /// Files with their digests; `header.json` of a bundle is the last, so that an interrupted deletion can be repeated.
    pub files: Vec<ErasedFile>,
    folders: Vec<PathBuf>,
}

/// Looks at what is to be erased: a bundle directly below `runs`, or one regular file.
///
/// # Errors
/// It is a link, a folder that is no bundle, a bundle outside `runs`, or cannot be read.
pub fn target(given: &Path, runs: &Path) -> Result<Target, RunError> {
    let reading = |e| RunError::reading(given, e);
    let kind = std::fs::symlink_metadata(given)
        .map_err(reading)?
        .file_type();
    let mut target = Target {
        given: given.to_owned(),
        is_bundle: kind.is_dir(),
        files: Vec::new(),
        folders: Vec::new(),
    };
    if kind.is_file() {
        target.files.push(file(given)?);
        return Ok(target);
    }
    if !kind.is_dir() {
        return Err(refused(
            given,
            Bilingual::new(
                "リンクなど、ファイルでも実施記録でもないものは消去しません",
                "neither a file nor a bundle (a link, for example): it is not erased",
            ),
        ));
    }
    Bundle::open(given)?;
    let inside = std::fs::canonicalize(given).map_err(reading)?;
    let runs = std::fs::canonicalize(runs).map_err(|e| RunError::reading(runs, e))?;
    if inside.parent() != Some(runs.as_path()) {
        return Err(refused(
            given,
            Bilingual::new(
                format!("{} の直下にない実施記録は消去しません", runs.display()),
                format!(
                    "the bundle is not directly below {}: it is not erased",
                    runs.display()
                ),
            ),
        ));
    }
    walk(given, &mut target)?;
    target
        .files
        .sort_by_key(|f| Path::new(&f.path) == given.join("header.json"));
    Ok(target)
}

/// What an interrupted erasure left of a target: its files as the draft of the certificate names them. Nothing else is
/// deleted, and folders only when they are empty.
///
/// # Errors
/// It is a link, lies outside `runs`, or holds files that the draft does not name.
pub fn resumed(given: &Path, runs: &Path, drafted: &[ErasedFile]) -> Result<Target, RunError> {
    let mut target = Target {
        given: given.to_owned(),
        is_bundle: true,
        files: Vec::new(),
        folders: Vec::new(),
    };
    let left = std::fs::symlink_metadata(given);
    let named = |file: &&ErasedFile| Path::new(&file.path).starts_with(given);
    if let Ok(left) = left {
        let reading = |e| RunError::reading(given, e);
        let parent = std::fs::canonicalize(given).map_err(reading)?;
        let runs = std::fs::canonicalize(runs).map_err(|e| RunError::reading(runs, e))?;
        let bundle = left.is_dir() && parent.parent() == Some(runs.as_path());
        let file = left.is_file();
        if !bundle && !file {
            return Err(not_left(given));
        }
        if bundle {
            walk(given, &mut target)?;
        } else {
            target.files.push(self::file(given)?);
        }
        // Another file of the same name is not what the certificate is about.
        let known = |file: &ErasedFile| {
            drafted
                .iter()
                .any(|d| d.path == file.path && d.sha256 == file.sha256)
        };
        if !target.files.iter().all(known) {
            return Err(not_left(given));
        }
    }
    target.files = drafted.iter().filter(named).cloned().collect();
    target
        .files
        .sort_by_key(|f| Path::new(&f.path) == given.join("header.json"));
    Ok(target)
}

fn not_left(given: &Path) -> RunError {
    refused(
        given,
        Bilingual::new(
            "中断した消去の残りではないものがあります",
            "there is something that is no rest of the erasure that was interrupted",
        ),
    )
}

fn walk(folder: &Path, target: &mut Target) -> Result<(), RunError> {
    let failed = |e| RunError::reading(folder, e);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            walk(&entry.path(), target)?;
        } else if kind.is_file() {
            target.files.push(file(&entry.path())?);
        } else {
            // The link goes, what it leads to stays.
            target.files.push(ErasedFile {
                path: entry.path().display().to_string(),
                ..ErasedFile::default()
            });
        }
    }
    target.folders.push(folder.to_owned());
    Ok(())
}

fn file(path: &Path) -> Result<ErasedFile, RunError> {
    let blob = digest_of(path).map_err(|e| RunError::reading(path, e))?;
    Ok(ErasedFile {
        path: path.display().to_string(),
        sha256: blob.sha256,
        bytes: blob.bytes,
        gone: false,
    })
}

fn refused(given: &Path, message: Bilingual) -> RunError {
    RunError::Input {
        place: given.display().to_string(),
        message,
        help: Bilingual::new(
            "消去できるのは、--runs のフォルダの直下の実施記録と、1つずつ指定したファイルだけです",
            "only bundles directly below the folder of --runs and files named one by one can be erased",
        ),
    }
}

impl Target {
    /// Deletes, then looks at every path again; files that are still there keep `gone` false.
    pub fn delete(&mut self) {
        for file in &self.files {
            // What cannot be deleted is seen when absence is verified.
            let _ = std::fs::remove_file(&file.path);
        }
        for folder in &self.folders {
            let _ = std::fs::remove_dir(folder);
        }
        for file in &mut self.files {
            file.gone = is_gone(Path::new(&file.path));
        }
    }

    /// True when nothing is left, the folder included.
    pub fn is_gone(&self) -> bool {
        self.files.iter().all(|f| f.gone) && is_gone(&self.given)
    }
}

fn is_gone(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound)
}
