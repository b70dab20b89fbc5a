//! A pack: one versioned folder of specifications, loaded as a whole with every problem at its place.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::api::{Api, ApiFiles};
use super::layout::{CodeList, Layout};
use super::{Catalogue, Files, read_toml_bytes, utf8};
use crate::encoding::repertoire::List;
use crate::model::{Bilingual, Problem, Problems};
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
    /// 協議事項・設定事項.
    pub catalogue: Catalogue,
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
        let head_file = format!("{name}/pack.toml");
        let Some(bytes) = files.get("pack.toml") else {
            problems.push(Problem::of_file(
                head_file,
                Bilingual::new("pack.toml がありません", "there is no pack.toml"),
                Bilingual::new(
                    "specs/README.md の書式で作ってください",
                    "write one as described in specs/README.md",
                ),
            ));
            return None;
        };
        let (head, _) = read_toml_bytes::<PackHead>(&head_file, bytes, problems)?;
        Some(Self {
            layouts: load_layouts(files, name, problems),
            code_lists: load_code_lists(files, name, problems),
            lists: load_lists(files, name, problems),
            apis: load_apis(files, name, problems),
            catalogue: Catalogue::load(files, name, problems),
            sha256: files.sha256(),
            head,
        })
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

fn load_layouts(files: &Files, name: &str, problems: &mut Problems) -> BTreeMap<String, Layout> {
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
        if let Some(layout) = Layout::load(head, fields, (&names.0, &names.1), problems) {
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

/// A folder of packs, `<id>/<version>/…`.
#[derive(Debug, Default)]
pub struct Library {
    files: Files,
}

impl Library {
    /// A library over files.
    pub fn new(files: Files) -> Self {
        Self { files }
    }

    /// Every `id@version`.
    pub fn coordinates(&self) -> Vec<String> {
        let ids = self.files.folders("");
        ids.iter()
            .flat_map(|id| {
                self.files
                    .folders(id)
                    .into_iter()
                    .map(move |v| format!("{id}@{v}"))
            })
            .collect()
    }

    /// Finds the folder of `id@version`, or of the highest version of `id` alone.
    ///
    /// # Errors
    /// A problem of `asked_in` that lists what there is.
    pub fn find(&self, coordinate: &str, asked_in: &str) -> Result<(String, Files), Problem> {
        let (id, version) = coordinate.split_once('@').unwrap_or((coordinate, ""));
        let versions = self.files.folders(id);
        let version = match version {
            "" => versions.last(),
            wanted => versions.iter().find(|v| *v == wanted),
        };
        match version {
            Some(version) => {
                let path = format!("{id}/{version}");
                Ok((format!("{id}@{version}"), self.files.below(&path)))
            }
            None => Err(Problem::of_file(
                asked_in,
                Bilingual::new(
                    format!("仕様パック \"{coordinate}\" がありません"),
                    format!("there is no pack \"{coordinate}\""),
                ),
                Bilingual::new(
                    format!("あるもの: {}", self.coordinates().join(", ")),
                    format!("there are: {}", self.coordinates().join(", ")),
                ),
            )),
        }
    }

    /// Loads a pack by its coordinate; what is wrong with it or with the coordinate becomes a problem.
    pub fn load(&self, coordinate: &str, asked_in: &str, problems: &mut Problems) -> Option<Pack> {
        match self.find(coordinate, asked_in) {
            Ok((name, files)) => Pack::load(&files, &name, problems),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }
}
