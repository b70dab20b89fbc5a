use serde::{Deserialize, Serialize};

/// Where something is, in whatever coordinates the place has. Absent coordinates are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Location {
    /// File name, or the name of an exchange's body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// 1-based over all records of the file, header and trailer records included; a CSV header row is record 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// 1-based physical line; differs from `record` where fields hold newlines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// 1-based column in characters, in texts that people write (packs).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Machine name (ローマ字) of the layout field; `kind.field` where the layout has record kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// 項番, 1-based.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_no: Option<u32>,
    /// 0-based byte offset from the start of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_offset: Option<u64>,
    /// Length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_length: Option<u64>,
    /// 0-based byte offset from the start of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_offset: Option<u64>,
    /// JSON Pointer (RFC 6901) into a body; `header:NAME` for a header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// XPath into an XML body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xpath: Option<String>,
    /// Number of the exchange in the run's log, `LOG-0042`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// 協議事項・設定事項, `F01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

impl Location {
    /// A place in a file that is the file itself.
    pub fn file(name: impl Into<String>) -> Self {
        Self {
            file: Some(name.into()),
            ..Self::default()
        }
    }

    /// The part that stays the same from run to run: field, pointer, XPath without positions, item; never rows, offsets or
    /// log numbers.
    pub fn stable_part(&self) -> String {
        let xpath = self.xpath.as_deref().map(without_positions);
        [&self.field, &self.pointer, &xpath, &self.item]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join("|")
    }
}

/// An XPath without positions: `/a/b[2]/@c` → `/a/b/@c`.
pub fn without_positions(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once(']').map_or("", |(_, rest)| rest));
    first + &rest.collect::<String>()
}
