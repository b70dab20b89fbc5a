//! Reads a message from its folder.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Envelope, Limits, Schema, SchemaFault, XmlMessage};
use crate::encoding::Encoding;
use crate::mask::Sensitivity;
use crate::model::{Bilingual, Level, Problem, Problems};
use crate::spec::layout::Presence;
use crate::spec::{Files, read_toml_bytes, utf8};

/// Our own description of the envelopes: what renkei needs to look inside (SOAP 1.1 §4, SOAP 1.2 Part 1 §5).
const ENVELOPES: [(&str, &str); 2] = [
    ("renkei:soap11.xsd", include_str!("soap11.xsd")),
    ("renkei:soap12.xsd", include_str!("soap12.xsd")),
];

/// `message.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    title: Bilingual,
    schema: String,
    root: String,
    #[serde(default)]
    namespace: String,
    encoding: String,
    #[serde(default)]
    bom: Word,
    #[serde(default = "required")]
    declaration: Word,
    #[serde(default)]
    envelope: Wrap,
    #[serde(default)]
    xsd: Version,
    #[serde(default)]
    limits: Bounds,
    #[serde(default)]
    levels: BTreeMap<String, Level>,
    #[serde(default)]
    sensitive: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    #[default]
    Forbid,
    Require,
    Allow,
}

fn required() -> Word {
    Word::Require
}

impl From<Word> for Presence {
    fn from(word: Word) -> Self {
        match word {
            Word::Forbid => Self::Forbid,
            Word::Require => Self::Require,
            Word::Allow => Self::Allow,
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wrap {
    #[default]
    None,
    Soap11,
    Soap12,
}

impl From<Wrap> for Envelope {
    fn from(wrap: Wrap) -> Self {
        match wrap {
            Wrap::None => Self::None,
            Wrap::Soap11 => Self::Soap11,
            Wrap::Soap12 => Self::Soap12,
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
enum Version {
    #[default]
    #[serde(rename = "1.0")]
    First,
    #[serde(rename = "1.1")]
    Second,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    bytes: Option<usize>,
    depth: Option<usize>,
    attributes: Option<usize>,
    nodes: Option<usize>,
}

impl Bounds {
    /// The bounds that hold; depth has an upper end of its own, because reading uses the stack.
    fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            bytes: self.bytes.unwrap_or(usual.bytes),
            depth: self.depth.unwrap_or(usual.depth).min(1000),
            attributes: self.attributes.unwrap_or(usual.attributes),
            nodes: self.nodes.unwrap_or(usual.nodes),
            ..usual
        }
    }
}

impl XmlMessage {
    /// Loads the message in `files` (the folder `xml/<id>`); `name` is how problems name the folder.
    pub fn load(files: &Files, name: &str, problems: &mut Problems) -> Option<Self> {
        let file = format!("{name}/message.toml");
        let Some(bytes) = files.get("message.toml") else {
            problems.push(Problem::of_file(
                name,
                Bilingual::new("message.toml がありません", "there is no message.toml"),
                Bilingual::new(
                    "specs/README.md の「XML電文」の書式で作ってください",
                    "write one as described in specs/README.md, \"XML messages\"",
                ),
            ));
            return None;
        };
        let (head, text) = read_toml_bytes::<Head>(&file, bytes, problems)?;
        let encoding = Encoding::parse(&head.encoding).map_err(|fault| {
            let at = text.find("encoding").unwrap_or(0);
            problems.push(Problem::at_byte(
                &file,
                &text,
                at,
                fault.message(),
                fault.help(),
            ));
        });
        let mut schemas = schemas(files, name, problems);
        if !schemas.contains_key(&head.schema) {
            problems.push(Problem::at_byte(
                &file,
                &text,
                text.find("schema").unwrap_or(0),
                Bilingual::new(
                    format!("スキーマ {} がこのフォルダにありません", head.schema),
                    format!("there is no schema {} in this folder", head.schema),
                ),
                Bilingual::new("ファイル名を直します", "correct the file name"),
            ));
            return None;
        }
        let envelope = Envelope::from(head.envelope);
        let mut entries = vec![head.schema.as_str()];
        let wrapped = ENVELOPES.get(match envelope {
            Envelope::None => usize::MAX,
            Envelope::Soap11 => 0,
            Envelope::Soap12 => 1,
        });
        if let Some((file, text)) = wrapped {
            schemas.insert((*file).to_owned(), (*text).to_owned());
            entries.push(file);
        }
        let schema = Schema::compile(schemas, &entries, head.xsd == Version::Second);
        let schema = schema.map_err(|faults| {
            problems.extend(faults.iter().map(|fault| problem(name, fault)));
        });
        let (Ok(schema), Ok(encoding)) = (schema, encoding) else {
            return None;
        };
        if !schema.declares(&head.namespace, &head.root) {
            problems.push(undeclared(&file, &text, &head));
            return None;
        }
        Some(Self {
            id: head.id,
            title: head.title,
            root: head.root,
            namespace: head.namespace,
            encoding,
            bom: head.bom.into(),
            declaration: head.declaration.into(),
            envelope,
            schema_file: head.schema,
            schema,
            limits: head.limits.limits(),
            levels: head.levels,
            sensitive: (head.sensitive.into_iter())
                .map(|(element, word)| (element, Sensitivity::of_word(&word)))
                .collect(),
        })
    }
}

fn undeclared(file: &str, text: &str, head: &Head) -> Problem {
    let (root, namespace) = (&head.root, &head.namespace);
    Problem::at_byte(
        file,
        text,
        text.find("root").unwrap_or(0),
        Bilingual::new(
            format!("スキーマに要素 {root}（名前空間「{namespace}」）の宣言がありません"),
            format!("the schemas declare no element {root} in namespace \"{namespace}\""),
        ),
        Bilingual::new(
            "root と namespace を、スキーマの targetNamespace と最上位の要素に合わせます",
            "let `root` and `namespace` name a top-level element of the schemas",
        ),
    )
}

/// The schemas of the folder by name, as text.
fn schemas(files: &Files, name: &str, problems: &mut Problems) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".xsd")) {
        if let Some(text) = utf8(&format!("{name}/{path}"), bytes, problems) {
            found.insert(path.to_owned(), text.to_owned());
        }
    }
    found
}

fn problem(name: &str, fault: &SchemaFault) -> Problem {
    let (message, help) = if fault.missing {
        (
            Bilingual::new(
                format!("スキーマが指す {} はこのフォルダにありません", fault.what),
                format!(
                    "the schema names {}, which is not in this folder",
                    fault.what
                ),
            ),
            Bilingual::new(
                "電文のフォルダに置き、schemaLocation を相対の名前にします（外部は読みません）",
                "put it into the folder of the message and name it relatively; nothing outside is read",
            ),
        )
    } else {
        (
            Bilingual::new(
                format!("XMLスキーマとして使えません: {}", fault.what),
                format!("not usable as an XML Schema: {}", fault.what),
            ),
            Bilingual::new("スキーマを直します", "correct the schema"),
        )
    };
    let mut problem = Problem::of_file(format!("{name}/{}", fault.file), message, help);
    (problem.line, problem.column) = (fault.line, fault.column);
    problem
}
