//! Where packs come from: bundled in the binary, and folders of the user's, which go before them.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_core::spec::Files;

static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/specs");

/// Largest file that is read as part of a pack, in bytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The packs of the binary, overlaid by those of `folders` (each laid out like `specs/`): `<id>/<version>/…`.
///
/// A version that a folder brings replaces the bundled one as a whole, so that no file of the old one shines through.
pub(crate) fn library(folders: &[PathBuf], problems: &mut Problems) -> Files {
    let mut library = Files::new();
    collect_bundled(&BUNDLED, &mut library);
    for folder in folders.iter().rev() {
        let mut own = Files::new();
        collect(folder, folder, &mut own, problems);
        for id in own.folders("") {
            for version in own.folders(&id) {
                library.remove_below(&format!("{id}/{version}"));
            }
        }
        for (path, content) in own.iter() {
            library.insert(path, content);
        }
    }
    library
}

/// The files of one folder, as a pack outside a library.
pub(crate) fn folder(path: &Path, problems: &mut Problems) -> Files {
    let mut files = Files::new();
    collect(path, path, &mut files, problems);
    files
}

/// The folder of the user's that brings `id@version`; nothing for what is bundled. The first folder goes before the rest.
pub(crate) fn origin<'f>(coordinate: &str, folders: &'f [PathBuf]) -> Option<&'f Path> {
    let (id, version) = coordinate.split_once('@')?;
    let brings = |folder: &&PathBuf| folder.join(id).join(version).is_dir();
    folders.iter().find(brings).map(PathBuf::as_path)
}

fn collect_bundled(dir: &Dir<'_>, files: &mut Files) {
    for file in dir.files() {
        files.insert(slashes(file.path()), file.contents());
    }
    for sub in dir.dirs() {
        collect_bundled(sub, files);
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Files, problems: &mut Problems) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problems.push(unreadable(folder, &error)),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files, problems);
            continue;
        }
        let too_large = entry.metadata().is_ok_and(|m| m.len() > MAX_FILE);
        if too_large {
            let error = std::io::Error::other(format!("> {MAX_FILE} bytes"));
            problems.push(unreadable(&path, &error));
            continue;
        }
        match std::fs::read(&path) {
            Ok(content) => files.insert(slashes(path.strip_prefix(root).unwrap_or(&path)), content),
            Err(error) => problems.push(unreadable(&path, &error)),
        }
    }
}

fn slashes(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// A problem for a file or folder that could not be read, with the system's reason.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let help = match error.kind() {
        std::io::ErrorKind::NotFound => Bilingual::new(
            "パスを確かめてください（相対パスは計画ファイルの場所から）",
            "check the path (relative paths start at the plan)",
        ),
        std::io::ErrorKind::PermissionDenied => {
            Bilingual::new("読み取りの権限を確かめてください", "check the permissions")
        }
        std::io::ErrorKind::IsADirectory => Bilingual::new(
            "フォルダではなくファイルを指定してください",
            "name a file, not a folder",
        ),
        _ => Bilingual::default(),
    };
    let shown = path.display().to_string();
    Problem::of_file(
        shown,
        Bilingual::new(
            format!("読めません: {error}"),
            format!("cannot be read: {error}"),
        ),
        help,
    )
}
