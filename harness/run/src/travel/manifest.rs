use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Schema of the packed bundles this version writes and reads.
pub const SCHEMA: &str = "renkei.pack/v1";
/// Name of the manifest inside the zip; always its first entry.
pub(super) const NAME: &str = "renkei-pack.json";
/// Name of the signature inside the zip.
pub(super) const SIGNATURE: &str = "renkei-pack.sig";
/// Entries a packed bundle may have.
pub(super) const MAX_PARTS: usize = 100_000;
/// Bytes all parts may unpack to.
pub(super) const MAX_TOTAL: u64 = 64 * 1024 * 1024 * 1024;
/// Bytes of the manifest.
pub(super) const MAX_MANIFEST: u64 = 32 * 1024 * 1024;
/// Times that a part may be larger than its packed form; deflate itself ends near 1 032.
pub(super) const MAX_RATIO: u64 = 1_100;

/// Which edition was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// The whole bundle.
    Full,
    /// The result document alone, vendors as codes, no evidence.
    Public,
}

/// A file of the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// What a packed bundle says it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// Run id: the folder it unpacks to.
    pub run: String,
    /// Which edition.
    pub edition: Edition,
    /// データ区分 of the run.
    pub data_class: String,
    /// 承認番号 under which personal data may leave; empty for none.
    #[serde(default)]
    pub approval: String,
    /// When it was packed, RFC 3339.
    pub packed_at: String,
    /// Path inside the bundle to the file.
    pub files: BTreeMap<String, Part>,
}

/// True for a relative path of plain names with `/`: nothing that leaves a folder on any system.
pub(super) fn is_safe(path: &str) -> bool {
    path.len() <= 512 && !path.is_empty() && path.split('/').all(is_plain)
}

/// True for one plain name.
pub(super) fn is_plain(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    // Names that Windows gives to devices, and endings that it drops.
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || numbered("com")
        || numbered("lpt");
    !name.is_empty()
        && !device
        && !name.ends_with(['.', ' '])
        && !name
            .chars()
            .any(|c| c.is_control() || r#"\/:*?"<>|"#.contains(c))
}
