use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// A folder as values: path with `/` separators, relative, to content. The only way packs and bundles enter the core.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// An empty folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), content.into());
    }

    /// Content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The files below `folder` (no trailing slash), with that part taken off their paths.
    pub fn below(&self, folder: &str) -> Self {
        let prefix = format!("{folder}/");
        let inside = self.0.iter().filter_map(|(path, content)| {
            path.strip_prefix(&prefix)
                .map(|rest| (rest.to_owned(), content.clone()))
        });
        Self(inside.collect())
    }

    /// Removes the files below `folder` (no trailing slash).
    pub fn remove_below(&mut self, folder: &str) {
        let prefix = format!("{folder}/");
        self.0.retain(|path, _| !path.starts_with(&prefix));
    }

    /// Names of the direct sub-folders of `folder`; the empty string is the root.
    pub fn folders(&self, folder: &str) -> Vec<String> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let mut names: Vec<String> = self
            .0
            .keys()
            .filter_map(|path| {
                path.strip_prefix(&prefix)?
                    .split_once('/')
                    .map(|(name, _)| name.to_owned())
            })
            .collect();
        names.dedup();
        names
    }

    /// True when there is no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// SHA-256 over paths, lengths and contents in the order of paths, lower-case hex.
    pub fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        for (path, content) in &self.0 {
            hash.update(path.as_bytes());
            hash.update([0]);
            hash.update((content.len() as u64).to_be_bytes());
            hash.update(content);
        }
        hex(&hash.finalize())
    }
}

/// Lower-case hex without separators.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_below_agree() {
        let mut files = Files::new();
        for path in ["a/1/x", "a/1/y/z", "a/2/x", "b"] {
            files.insert(path, "");
        }
        assert_eq!(files.folders(""), ["a"]);
        assert_eq!(files.folders("a"), ["1", "2"]);
        assert_eq!(
            files
                .below("a/1")
                .iter()
                .map(|(p, _)| p)
                .collect::<Vec<_>>(),
            ["x", "y/z"]
        );
    }
}
