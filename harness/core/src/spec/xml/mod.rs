//! XML messages of a pack: `xml/<id>/message.toml` with the schemas beside it.

mod declared;
mod load;
mod notation;
mod reading;
mod schema;

use std::collections::BTreeMap;

pub use declared::{Declared, ValueKind};
pub use reading::{Breach, Name, Read, Stop};
pub use schema::{Schema, SchemaFault};

use super::layout::Presence;
use crate::encoding::{Encoding, LabelFault};
use crate::mask::Sensitivity;
use crate::model::{Bilingual, Level};

/// Namespace of SOAP 1.1 envelopes.
pub const SOAP_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// Namespace of SOAP 1.2 envelopes.
pub const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";

/// One message: what its root is, how it is written, and the schemas that it follows.
#[derive(Debug)]
pub struct XmlMessage {
    /// Folder in the pack.
    pub id: String,
    /// Title.
    pub title: Bilingual,
    /// Local name of the root element; of the element that the body holds, where there is an envelope.
    pub root: String,
    /// Its namespace, empty for none.
    pub namespace: String,
    /// The encoding of the bytes.
    pub encoding: Encoding,
    /// Byte order mark.
    pub bom: Presence,
    /// `<?xml … ?>` at the start.
    pub declaration: Presence,
    /// What the message is put in.
    pub envelope: Envelope,
    /// File of the schema of the root element.
    pub schema_file: String,
    /// The schemas, compiled with everything that they include and import.
    pub schema: Schema,
    /// How much is read.
    pub limits: Limits,
    /// Levels of rules for this message.
    pub levels: BTreeMap<String, Level>,
    /// Elements and attributes, by their local names, that hold names and readings of names. Other values are masked, too, but
    /// get no number.
    pub sensitive: BTreeMap<String, Sensitivity>,
}

/// What a message is put in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// Nothing: the message is the document.
    #[default]
    None,
    /// A SOAP 1.1 envelope.
    Soap11,
    /// A SOAP 1.2 envelope.
    Soap12,
}

impl Envelope {
    /// The word in packs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Soap11 => "soap11",
            Self::Soap12 => "soap12",
        }
    }

    /// Namespace of the envelope, empty for none.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Soap11 => SOAP_11,
            Self::Soap12 => SOAP_12,
        }
    }
}

/// How much of a document is read; beyond, it is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Depth of elements.
    pub depth: usize,
    /// Attributes and namespace declarations of one element.
    pub attributes: usize,
    /// Elements, attributes, runs of text.
    pub nodes: usize,
    /// Bytes of a name or of a namespace.
    pub name: usize,
    /// Bytes of an attribute's value or of a run of text.
    pub value: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            depth: 64,
            attributes: 100,
            nodes: 1_000_000,
            name: 1024,
            value: 1024 * 1024,
        }
    }
}

impl XmlMessage {
    /// Settings with the words of packs, in the order of `specs/README.md`.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let presence = |what: Presence| match what {
            Presence::Forbid => "forbid".to_owned(),
            Presence::Require => "require".to_owned(),
            Presence::Allow => "allow".to_owned(),
        };
        vec![
            ("schema", self.schema_file.clone()),
            ("root", self.root.clone()),
            ("namespace", self.namespace.clone()),
            ("encoding", self.encoding.name().to_owned()),
            ("bom", presence(self.bom)),
            ("declaration", presence(self.declaration)),
            ("envelope", self.envelope.as_str().to_owned()),
            ("limits.bytes", self.limits.bytes.to_string()),
            ("limits.depth", self.limits.depth.to_string()),
            ("limits.attributes", self.limits.attributes.to_string()),
            ("limits.nodes", self.limits.nodes.to_string()),
        ]
    }

    /// True when a label (of an XML declaration, of a Content-Type) stands for the agreed encoding. The bare labels
    /// `Shift_JIS` and `UTF-16` name a family: they stand for each of its members.
    pub fn is_called(&self, label: &str) -> bool {
        stands_for(label, self.encoding)
    }
}

/// True when a label stands for an encoding.
pub fn stands_for(label: &str, encoding: Encoding) -> bool {
    if label.eq_ignore_ascii_case("utf-16") {
        return matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    }
    match Encoding::parse(label) {
        Ok(named) => named == encoding,
        Err(LabelFault::Ambiguous(_)) => encoding.is_shift_jis(),
        Err(LabelFault::Unknown(_)) => {
            encoding == Encoding::Utf8 && label.eq_ignore_ascii_case("us-ascii")
        }
    }
}

#[cfg(test)]
mod tests;
