//! Gathers what a run needs from disk: the plan, the profiles it names, the packs. Reading only; the core makes sense of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renkei_core::model::Problems;
use renkei_core::plan::Inputs;
use serde_json::Value;

use crate::packs;

/// Largest plan or profile that is read, in bytes.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Reads the plan and everything it names. What cannot be read becomes a problem.
pub(crate) fn gather(
    plan: &Path,
    pack_folders: &[PathBuf],
    problems: &mut Problems,
) -> Option<Inputs> {
    let bytes = read(plan, problems)?;
    let base = folder_of(plan);
    let mut agreements = Vec::new();
    for path in agreements_of(&bytes) {
        if let Some(content) = read(&base.join(&path), problems) {
            agreements.push((path, content));
        }
    }
    let mut profiles = BTreeMap::new();
    for (party, path) in profiles_of(&bytes) {
        if let Some(content) = read(&base.join(&path), problems) {
            profiles.insert(party, (path, content));
        }
    }
    let packs = packs::library(pack_folders, problems);
    let name = plan.display().to_string();
    problems.is_empty().then_some(Inputs {
        plan: (name, bytes),
        profiles,
        packs,
        agreements,
    })
}

/// The folder that relative paths of a plan start from.
pub(crate) fn folder_of(plan: &Path) -> PathBuf {
    match plan.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Reads a file of limited size.
pub(crate) fn read(path: &Path, problems: &mut Problems) -> Option<Vec<u8>> {
    let too_large = || std::io::Error::other(format!("larger than {MAX_TEXT} bytes"));
    let content = std::fs::metadata(path).and_then(|meta| {
        if meta.len() > MAX_TEXT {
            Err(too_large())
        } else {
            std::fs::read(path)
        }
    });
    match content {
        Ok(content) => Some(content),
        Err(error) => {
            problems.push(packs::unreadable(path, &error));
            None
        }
    }
}

/// Party ids and profile paths, as far as the plan can be read at all; the core tells what is wrong with the rest.
fn profiles_of(plan: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(plan).unwrap_or_default();
    let Ok(value) = toml::from_str::<Value>(text) else {
        return Vec::new();
    };
    let parties = value
        .get("party")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let text_of =
        |party: &Value, key: &str| party.get(key).and_then(Value::as_str).map(str::to_owned);
    parties
        .iter()
        .filter_map(|party| Some((text_of(party, "id")?, text_of(party, "profile")?)))
        .collect()
}

/// Paths of negotiated records, likewise.
fn agreements_of(plan: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(plan).unwrap_or_default();
    let value = toml::from_str::<Value>(text).unwrap_or_default();
    let paths = value.get("agreements").and_then(Value::as_array);
    let paths = paths.into_iter().flatten().filter_map(Value::as_str);
    paths.map(str::to_owned).collect()
}
