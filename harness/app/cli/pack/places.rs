//! Paths in the inputs of a run: the names that the inputs had where the run started, and what plan and profiles point at.
//! Messages and proofs name them, and folders are called after vendors.

use std::collections::BTreeSet;

use renkei_core::spec::Files;

/// What the inputs were called where the run started.
const NAMES: &str = "names.json";
/// Keys of plans and profiles whose values are paths of files and folders.
const PLACES: [&str; 16] = [
    "profile",
    "outbox",
    "inbox",
    "receipt",
    "receipts",
    "file",
    "files",
    "folder",
    "body",
    "recorded",
    "cert",
    "key",
    "client_ca",
    "ca",
    "agreement",
    "agreements",
];

/// Paths of files, and the folders in them, which end with a stroke.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) files: BTreeSet<String>,
    pub(super) folders: BTreeSet<String>,
}

/// The paths of a run's inputs.
pub(super) fn of(inputs: &Files) -> Places {
    let mut places = Places::default();
    let named: std::collections::BTreeMap<String, String> = inputs
        .get(NAMES)
        .and_then(|bytes| serde_json::from_slice(bytes).ok())
        .unwrap_or_default();
    for path in named.values() {
        places.add(path);
    }
    for (path, bytes) in inputs.iter() {
        if path.starts_with("packs/") || !path.ends_with(".toml") {
            continue;
        }
        if let Ok(table) = toml::from_str::<toml::Table>(&String::from_utf8_lossy(bytes)) {
            places.find(&toml::Value::Table(table), "");
        }
    }
    places
}

impl Places {
    fn find(&mut self, value: &toml::Value, key: &str) {
        match value {
            toml::Value::String(path) if PLACES.contains(&key) => self.add(path),
            toml::Value::Array(items) => items.iter().for_each(|item| self.find(item, key)),
            toml::Value::Table(table) => table.iter().for_each(|(key, item)| self.find(item, key)),
            _ => {}
        }
    }

    /// A path, as it is written on systems of both kinds, and its folders. `{work}` is a word of the plan's format.
    fn add(&mut self, path: &str) {
        let path = path.trim();
        if path.contains("://") || path.contains(char::is_whitespace) && !path.contains(['/', '\\'])
        {
            return;
        }
        let plain = path.replace('\\', "/");
        for (at, _) in plain.match_indices('/') {
            let folder = plain.get(..=at).unwrap_or_default();
            if folder.chars().any(char::is_alphanumeric) && !folder.ends_with("}/") {
                self.folders.insert(folder.to_owned());
                self.folders.insert(folder.replace('/', "\\"));
            }
        }
        if plain.contains(['/', '.']) && plain.chars().any(char::is_alphanumeric) {
            self.files.insert(plain.replace('/', "\\"));
            self.files.insert(plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_inputs_and_what_they_point_at_are_found() {
        let mut inputs = Files::new();
        let plan = "[[party]]\nid = \"a\"\nprofile = \"hokuto/profile.toml\"\n[[case]]\ninbox = \"{work}/in\"\npath = \"/persons\"\n";
        inputs.insert("plan.toml".to_owned(), plan.as_bytes().to_vec());
        let names =
            serde_json::to_vec(&serde_json::json!({ "profiles/a.toml": "C:\\hokuto\\a.toml" }));
        inputs.insert(NAMES.to_owned(), names.expect("JSON"));
        let found = of(&inputs);
        for file in [
            "hokuto/profile.toml",
            "C:/hokuto/a.toml",
            "C:\\hokuto\\a.toml",
        ] {
            assert!(found.files.contains(file), "{found:?}");
        }
        assert!(found.folders.contains("hokuto/") && found.folders.contains("C:/hokuto/"));
        assert!(!found.folders.contains("{work}/") && !found.files.contains("/persons"));
    }
}
