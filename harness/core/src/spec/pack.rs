//! A pack: one versioned folder of specifications, loaded as a whole with every problem at its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::api::{Api, ApiFiles};
use super::layout::{CodeList, Layout};
use super::{
    Catalogue, Date, Files, Requirement, XmlMessage, load_requirements, read_toml_bytes, utf8,
};
use crate::encoding::repertoire::List;
use crate::model::{Bilingual, Finding, Problem, Problems, without_positions};
use crate::record::PackStamp;

/// One versioned set of specifications.
#[derive(Debug)]
pub struct Pack {
    /// Identity and provenance.
    pub head: PackHead,
    /// 様式 by id.
    pub layouts: BTreeMap<String, Layout>,
    /// Code lists by id.
    pub code_lists: BTreeMap<String, CodeList>,
    /// Lists of characters (外字, IVS collections) that layouts may name.
    pub lists: Vec<List>,
    /// APIs by id.
    pub apis: BTreeMap<String, Api>,
    /// XML messages by id.
    pub messages: BTreeMap<String, Arc<XmlMessage>>,
    /// 協議事項・設定事項.
    pub catalogue: Catalogue,
    /// What the source document demands.
    pub requirements: Vec<Requirement>,
    /// SHA-256 over all files.
    pub sha256: String,
}

/// `pack.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackHead {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title.
    pub title: Bilingual,
    /// The source document.
    pub document: Bilingual,
    /// Version of the source document.
    #[serde(default)]
    pub document_version: String,
    /// Date of the source document.
    #[serde(default)]
    pub document_date: String,
    /// Source line.
    pub source: String,
    /// Licence of the source.
    pub licence: String,
    /// How close to the source.
    pub fidelity: Fidelity,
    /// No longer to be used.
    #[serde(default)]
    pub deprecated: bool,
    /// What took its place, `id@version`.
    #[serde(default)]
    pub successor: String,
    /// First day on which it holds, `YYYY-MM-DD`; empty without limit.
    #[serde(default)]
    pub valid_from: String,
    /// Last day on which it holds.
    #[serde(default)]
    pub valid_to: String,
    /// The pack that this one adds to or narrows, `id@version`.
    #[serde(default)]
    pub extends: String,
    /// What `renkei spec lint` finds and the author stands by, each with its reason.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// A finding of `renkei spec lint` that the author stands by.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Code of the rule.
    pub rule: String,
    /// File in the pack; empty: any.
    #[serde(default)]
    pub file: String,
    /// Field or id; empty: any.
    #[serde(default)]
    pub field: String,
    /// Why it is as it should be.
    pub reason: Bilingual,
}

impl PackHead {
    /// A head that says nothing, for a pack whose own cannot be read.
    fn unread(name: &str) -> Self {
        // Reports need a word for each.
        fn told(part: &str) -> &str {
            if part.is_empty() { "?" } else { part }
        }
        let (id, version) = name.split_once('@').unwrap_or((name, ""));
        let (id, version) = (told(id), told(version));
        Self {
            id: id.to_owned(),
            version: version.to_owned(),
            title: Bilingual::default(),
            document: Bilingual::default(),
            document_version: String::new(),
            document_date: String::new(),
            source: String::new(),
            licence: String::new(),
            fidelity: Fidelity::Illustrative,
            deprecated: false,
            successor: String::new(),
            valid_from: String::new(),
            valid_to: String::new(),
            extends: String::new(),
            accepted: Vec::new(),
        }
    }

    /// True when the pack holds on `day`.
    pub fn is_valid_on(&self, day: Date) -> bool {
        Date::parse(&self.valid_from).is_none_or(|from| from <= day)
            && Date::parse(&self.valid_to).is_none_or(|to| day <= to)
    }

    /// What a reader must know before relying on the pack on `day`: it is deprecated, or holds on other days only.
    pub fn cautions(&self, day: Date) -> Vec<Bilingual> {
        let name = format!("{}@{}", self.id, self.version);
        let mut told = Vec::new();
        if self.deprecated {
            let (ja, en) = match self.successor.as_str() {
                "" => (String::new(), String::new()),
                next => (
                    format!("。後継は {next} です"),
                    format!("; {next} took its place"),
                ),
            };
            told.push(Bilingual::new(
                format!("仕様パック {name} は廃止されています{ja}。"),
                format!("Pack {name} is deprecated{en}."),
            ));
        }
        if !self.is_valid_on(day) {
            let or = |day: &str| {
                if day.is_empty() {
                    "…".to_owned()
                } else {
                    day.to_owned()
                }
            };
            let days = format!("{} – {}", or(&self.valid_from), or(&self.valid_to));
            told.push(Bilingual::new(
                format!("検査の基準日は、仕様パック {name} の有効期間（{days}）の外です。どの版で判定すべきかを確認してください。"),
                format!("The day of the check lies outside the validity of pack {name} ({days}); see which version should judge."),
            ));
        }
        told
    }
}

/// How close a pack is to its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fidelity {
    /// Taken over from the official document.
    Official,
    /// Derived from published descriptions.
    Derived,
    /// An example; not a standard.
    Illustrative,
}

impl Fidelity {
    /// The word in documents for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Derived => "derived",
            Self::Illustrative => "illustrative",
        }
    }
}

impl Pack {
    /// Loads the pack whose folder is `files`; `name` is how problems name the folder.
    pub fn load(files: &Files, name: &str, problems: &mut Problems) -> Option<Self> {
        let head = load_head(files, name, problems)?;
        let load_layout = |(head, fields): (&str, &[u8]), (a, b): (&str, &str), told: &mut _| {
            Layout::load(head, fields, (a, b), told)
        };
        Some(Self::with(head, files, name, &load_layout, problems))
    }

    /// Reads what can be read of a pack, layouts with mistakes too: for judging the pack itself.
    pub(super) fn read(files: &Files, name: &str, problems: &mut Problems) -> Self {
        let head = load_head(files, name, problems).unwrap_or_else(|| PackHead::unread(name));
        let read_layout = |(head, fields): (&str, &[u8]), (a, b): (&str, &str), told: &mut _| {
            Some(Layout::read(head, fields, (a, b), told))
        };
        Self::with(head, files, name, &read_layout, problems)
    }

    fn with(
        head: PackHead,
        files: &Files,
        name: &str,
        layout: LayoutReader<'_>,
        problems: &mut Problems,
    ) -> Self {
        let csv = |file: &str| {
            files
                .get(file)
                .map(|bytes| (format!("{name}/{file}"), bytes))
        };
        let messages = load_messages(files, name, problems);
        let mut apis = load_apis(files, name, problems);
        for (id, api) in &mut apis {
            name_messages(api, &messages, &format!("{name}/apis/{id}"), problems);
        }
        Self {
            layouts: load_layouts(files, name, layout, problems),
            code_lists: load_code_lists(files, name, problems),
            lists: load_lists(files, name, problems),
            apis,
            messages,
            catalogue: Catalogue::load(files, name, problems),
            requirements: csv("requirements.csv")
                .map(|(file, bytes)| load_requirements(&file, bytes, problems))
                .unwrap_or_default(),
            sha256: files.sha256(),
            head,
        }
    }

    /// Names in each finding the requirements that it breaks, `pack@version#id`; `place` is the layout or API judged by.
    pub fn name_requirements(&self, place: &str, findings: &mut [Finding]) {
        for finding in findings {
            let field = finding.location.field.as_deref();
            let xpath = finding.location.xpath.as_deref().map(without_positions);
            let field = field.or(finding.location.pointer.as_deref());
            let field = field.or(xpath.as_deref()).unwrap_or("");
            for requirement in &self.requirements {
                if requirement.is_broken_by(&finding.rule, place, field) {
                    let (id, version) = (&self.head.id, &self.head.version);
                    let name = format!("{id}@{version}#{}", requirement.id);
                    if !finding.requirements.contains(&name) {
                        finding.requirements.push(name);
                    }
                }
            }
        }
    }

    /// What reports say about the pack.
    pub fn stamp(&self) -> PackStamp {
        PackStamp {
            id: self.head.id.clone(),
            version: self.head.version.clone(),
            sha256: self.sha256.clone(),
            source: self.head.source.clone(),
            fidelity: self.head.fidelity.as_str().to_owned(),
        }
    }
}

/// How a layout is read from its two files and their names.
type LayoutReader<'r> = &'r dyn Fn((&str, &[u8]), (&str, &str), &mut Problems) -> Option<Layout>;

fn load_head(files: &Files, name: &str, problems: &mut Problems) -> Option<PackHead> {
    let file = format!("{name}/pack.toml");
    let Some(bytes) = files.get("pack.toml") else {
        problems.push(Problem::of_file(
            file,
            Bilingual::new("pack.toml がありません", "there is no pack.toml"),
            Bilingual::new(
                "specs/README.md の書式で作ってください",
                "write one as described in specs/README.md",
            ),
        ));
        return None;
    };
    let (head, text) = read_toml_bytes::<PackHead>(&file, bytes, problems)?;
    let days = [
        ("valid_from", &head.valid_from),
        ("valid_to", &head.valid_to),
    ];
    for (key, day) in days {
        if !day.is_empty() && Date::parse(day).is_none() {
            problems.push(Problem::at_byte(
                &file,
                &text,
                text.find(key).unwrap_or(0),
                Bilingual::new(
                    format!("{key} の「{day}」は日付ではありません"),
                    format!("`{day}` in {key} is not a date"),
                ),
                Bilingual::new("YYYY-MM-DD で書きます", "write YYYY-MM-DD"),
            ));
        }
    }
    Some(head)
}

fn load_layouts(
    files: &Files,
    name: &str,
    reader: LayoutReader<'_>,
    problems: &mut Problems,
) -> BTreeMap<String, Layout> {
    let mut layouts = BTreeMap::new();
    for id in files.below("layouts").folders("") {
        let folder = format!("layouts/{id}");
        let names = (
            format!("{name}/{folder}/layout.toml"),
            format!("{name}/{folder}/fields.csv"),
        );
        let (Some(head), Some(fields)) = (
            files.get(&format!("{folder}/layout.toml")),
            files.get(&format!("{folder}/fields.csv")),
        ) else {
            problems.push(Problem::of_file(
                format!("{name}/{folder}"),
                Bilingual::new(
                    "layout.toml と fields.csv の両方が要ります",
                    "both layout.toml and fields.csv are needed",
                ),
                Bilingual::new("足りない方を加えてください", "add the one that is missing"),
            ));
            continue;
        };
        let Some(head) = utf8(&names.0, head, problems) else {
            continue;
        };
        if let Some(layout) = reader((head, fields), (&names.0, &names.1), problems) {
            layouts.insert(id, layout);
        }
    }
    layouts
}

fn load_code_lists(
    files: &Files,
    name: &str,
    problems: &mut Problems,
) -> BTreeMap<String, CodeList> {
    let mut lists = BTreeMap::new();
    for (path, bytes) in files.below("codes").iter() {
        if let Some(id) = path.strip_suffix(".csv") {
            let file = format!("{name}/codes/{path}");
            lists.insert(id.to_owned(), CodeList::load(bytes, &file, problems));
        }
    }
    lists
}

fn load_lists(files: &Files, name: &str, problems: &mut Problems) -> Vec<List> {
    let mut lists = Vec::new();
    for (path, bytes) in files.below("characters").iter() {
        if path.ends_with(".txt") {
            match List::parse(&format!("{name}/characters/{path}"), bytes) {
                Ok(list) => lists.push(list),
                Err(more) => problems.extend(more),
            }
        }
    }
    lists
}

fn load_apis(files: &Files, name: &str, problems: &mut Problems) -> BTreeMap<String, Api> {
    let mut apis = BTreeMap::new();
    for id in files.below("apis").folders("") {
        let folder = format!("apis/{id}");
        let document = ["openapi.yaml", "openapi.yml", "openapi.json"]
            .iter()
            .find_map(|file| {
                Some((
                    format!("{name}/{folder}/{file}"),
                    files.get(&format!("{folder}/{file}"))?,
                ))
            });
        let Some((document_name, document)) = document else {
            problems.push(Problem::of_file(
                format!("{name}/{folder}"),
                Bilingual::new("openapi.yaml がありません", "there is no openapi.yaml"),
                Bilingual::new(
                    "OpenAPI 3.0 の文書を置いてください",
                    "put an OpenAPI 3.0 document there",
                ),
            ));
            continue;
        };
        let rules_name = format!("{name}/{folder}/api.toml");
        let rules = files.get(&format!("{folder}/api.toml")).unwrap_or_default();
        let api = ApiFiles {
            openapi: (&document_name, document),
            rules: (&rules_name, rules),
        };
        if let Some(api) = Api::load(api, problems) {
            apis.insert(id, api);
        }
    }
    apis
}

fn load_messages(
    files: &Files,
    name: &str,
    problems: &mut Problems,
) -> BTreeMap<String, Arc<XmlMessage>> {
    let messages = files.below("xml");
    let mut loaded = BTreeMap::new();
    for id in messages.folders("") {
        let place = format!("{name}/xml/{id}");
        if let Some(message) = XmlMessage::load(&messages.below(&id), &place, problems) {
            loaded.insert(id, Arc::new(message));
        }
    }
    loaded
}

/// Gives the forms of bodies their messages.
fn name_messages(
    api: &mut Api,
    messages: &BTreeMap<String, Arc<XmlMessage>>,
    place: &str,
    problems: &mut Problems,
) {
    for content in api.contents_mut().filter(|c| !c.message.is_empty()) {
        content.xml = messages.get(&content.message).cloned();
        if content.xml.is_none() {
            let named = &content.message;
            let known: Vec<&str> = messages.keys().map(String::as_str).collect();
            problems.push(Problem::of_file(
                place,
                Bilingual::new(
                    format!("x-renkei-xml が指す電文 {named} はこのパックにありません"),
                    format!("x-renkei-xml names the message {named}, which is not in this pack"),
                ),
                Bilingual::new(
                    format!("あるもの: {}", known.join(", ")),
                    format!("there are: {}", known.join(", ")),
                ),
            ));
        }
    }
}
