//! Which files a command line means: files as they are, folders with everything in them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use renkei_core::fileset::{Bytes, MAX_FILES, Source};
use renkei_core::model::{Bilingual, Problem, Problems};

use crate::packs::unreadable;

/// Folders in folders are entered this deep.
const MAX_DEPTH: usize = 32;

/// Files found, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Name for people, with `/` between folders, and where it is; sorted by name, names are unique.
    pub(crate) files: Vec<(String, PathBuf)>,
    /// Hidden files and links to folders, which are not looked into.
    pub(crate) left_out: Vec<String>,
}

/// Gathers files. What cannot be read becomes a problem, all of it at once.
pub(crate) fn gather(paths: &[PathBuf], problems: &mut Problems) -> Found {
    let mut walk = Walk {
        found: Found::default(),
        seen: BTreeSet::new(),
        names: BTreeSet::new(),
        problems,
    };
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk.folder(path, "", 0),
            Ok(_) => {
                let name = path.file_name().map_or_else(
                    || path.display().to_string(),
                    |name| name.to_string_lossy().into_owned(),
                );
                walk.file(path, name);
            }
            Err(error) => walk.problems.push(unreadable(path, &error)),
        }
    }
    let mut found = walk.found;
    found.files.sort();
    found
}

struct Walk<'p> {
    found: Found,
    /// Files that were taken, by what they really are.
    seen: BTreeSet<PathBuf>,
    names: BTreeSet<String>,
    problems: &'p mut Problems,
}

impl Walk<'_> {
    fn folder(&mut self, path: &Path, prefix: &str, depth: usize) {
        let listed = fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                self.problems.push(unreadable(path, &error));
                return;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let shown = format!("{prefix}{name}");
            let path = entry.path();
            // The link's target counts, but a folder behind a link may lead back here.
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            match fs::metadata(&path) {
                _ if name.starts_with('.') => self.found.left_out.push(shown),
                Ok(meta) if meta.is_dir() && (is_link || depth >= MAX_DEPTH) => {
                    self.found.left_out.push(shown);
                }
                Ok(meta) if meta.is_dir() => self.folder(&path, &format!("{shown}/"), depth + 1),
                Ok(_) => self.file(&path, shown),
                Err(error) => self.problems.push(unreadable(&path, &error)),
            }
        }
    }

    fn file(&mut self, path: &Path, name: String) {
        // Opened once before anything is checked, so that every unreadable file is told at once.
        let checked = fs::File::open(path).and_then(|file| {
            let is_file = file.metadata()?.is_file();
            let odd = || io::Error::other("not a regular file");
            if is_file { Ok(()) } else { Err(odd()) }
        });
        let real = checked.and_then(|()| fs::canonicalize(path));
        let real = match real {
            Ok(real) => real,
            Err(error) => {
                self.problems.push(unreadable(path, &error));
                return;
            }
        };
        if !self.seen.insert(real) {
            return;
        }
        if self.seen.len() == MAX_FILES + 1 {
            self.problems.push(Problem::of_file(
                path.display().to_string(),
                Bilingual::new(
                    format!("ファイルが{MAX_FILES}個を超えます"),
                    format!("there are more than {MAX_FILES} files"),
                ),
                Bilingual::new("分けて調べてください", "check them in several runs"),
            ));
            return;
        }
        let name = if self.names.contains(&name) {
            path.display().to_string()
        } else {
            name
        };
        self.names.insert(name.clone());
        self.found.files.push((name, path.to_path_buf()));
    }
}

/// Opens the files that were found.
pub(crate) struct OnDisk(pub(crate) Vec<PathBuf>);

impl Source for OnDisk {
    fn open(&self, file: usize) -> io::Result<Box<dyn Bytes + '_>> {
        let path = self.0.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(fs::File::open(path)?))
    }
}
