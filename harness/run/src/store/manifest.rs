use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::blobs::digest_of_file;
use super::file::write_file;
use crate::error::RunError;

/// `manifest.json`: digests of everything that is not named by its digest already. Written when a run is finished.
#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    schema: String,
    /// Path relative to the bundle, to SHA-256 in lower-case hex.
    pub(super) files: BTreeMap<String, String>,
}

pub(super) const NAME: &str = "manifest.json";

/// Digests `header.json`, `events.jsonl` and the inputs, and writes the manifest.
pub(super) fn write(bundle: &Path) -> Result<(), RunError> {
    let mut files = BTreeMap::new();
    let mut paths = vec!["header.json".to_owned(), "events.jsonl".to_owned()];
    for path in list(&bundle.join("inputs"))? {
        paths.push(format!("inputs/{path}"));
    }
    for path in paths {
        let full = bundle.join(&path);
        let digest = digest_of_file(&full).map_err(|e| RunError::reading(&full, e))?;
        files.insert(path, digest.sha256);
    }
    let manifest = Manifest {
        schema: "renkei.manifest/v1".to_owned(),
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest)
        .map_err(|e| RunError::writing(&bundle.join(NAME), e.into()))?;
    write_file(&bundle.join(NAME), &text)
}

/// Every regular file below `folder`, relative, with `/`, sorted. Links are not followed.
pub(super) fn list(folder: &Path) -> Result<Vec<String>, RunError> {
    let mut found = Vec::new();
    let mut todo = vec![(folder.to_owned(), String::new())];
    while let Some((dir, prefix)) = todo.pop() {
        let failed = |e| RunError::reading(&dir, e);
        for entry in std::fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                todo.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
