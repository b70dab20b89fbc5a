//! The mapping file: headings to our columns, type words to types, what the table does not say.

use std::collections::BTreeMap;

use renkei_core::model::{Bilingual, Problem, Problems};
use serde::Deserialize;

/// Our columns, in the order in which a guess lists them.
pub(super) const COLUMNS: &[&str] = &[
    "no",
    "kind",
    "name",
    "roman",
    "type",
    "length",
    "start",
    "width",
    "decimals",
    "output",
    "pk",
    "code",
    "fixed_value",
    "sample",
    "note",
];

/// A mapping.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    #[serde(default)]
    pub(super) form: Form,
    #[serde(default)]
    pub(super) record_length: Option<u32>,
    pub(super) encoding: String,
    pub(super) newline: String,
    pub(super) length_unit: String,
    #[serde(default = "none")]
    pub(super) header: String,
    /// 1-based; without it the row is found by the headings.
    #[serde(default)]
    pub(super) header_row: Option<u32>,
    #[serde(default)]
    pub(super) sheets: Vec<String>,
    #[serde(default)]
    pub(super) kind_by: KindBy,
    #[serde(default)]
    pub(super) sequence: String,
    pub(super) columns: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) types: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) kinds: BTreeMap<String, KindRule>,
}

/// Kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    #[default]
    Delimited,
    Fixed,
}

/// What tells record kinds apart in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum KindBy {
    #[default]
    None,
    Column,
    Sheet,
}

/// One record kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindRule {
    /// Cell text or sheet name.
    #[serde(rename = "match")]
    pub(super) matches: String,
    /// 1-based byte position of the discriminator.
    #[serde(default = "one")]
    pub(super) start: u32,
    /// Its value.
    pub(super) value: String,
}

fn none() -> String {
    "none".to_owned()
}

fn one() -> u32 {
    1
}

impl Mapping {
    /// Reads a mapping; every mistake is a problem with its line.
    pub(super) fn read(file: &str, text: &str) -> Result<Self, Problems> {
        let help = || Bilingual::new("docs/import.md に書式があります", "see docs/import.md");
        let mapping: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().to_owned();
            vec![Problem::at_byte(
                file,
                text,
                at,
                Bilingual::new(
                    format!("対応ファイルとして読めません: {message}"),
                    format!("not readable as a mapping: {message}"),
                ),
                help(),
            )]
        })?;
        let mut problems = Problems::new();
        let mut wrong = |word: &str, ja: String, en: String| {
            let at = text.find(word).unwrap_or(0);
            problems.push(Problem::at_byte(
                file,
                text,
                at,
                Bilingual::new(ja, en),
                help(),
            ));
        };
        for column in mapping
            .columns
            .keys()
            .filter(|c| !COLUMNS.contains(&c.as_str()))
        {
            wrong(
                column,
                format!("列 {column} はありません（{}）", COLUMNS.join(" ")),
                format!("there is no column `{column}` ({})", COLUMNS.join(" ")),
            );
        }
        if !mapping.columns.contains_key("name") {
            wrong(
                "[columns]",
                "[columns] に name が要ります".to_owned(),
                "[columns] needs name".to_owned(),
            );
        }
        let lengths = ["length", "width"]
            .iter()
            .any(|c| mapping.columns.contains_key(*c));
        if mapping.form == Form::Fixed && !lengths && !mapping.columns.contains_key("start") {
            wrong(
                "[columns]",
                "固定長では length、width、start のどれかが要ります".to_owned(),
                "a fixed layout needs length, width or start".to_owned(),
            );
        }
        for (word, known) in mapping
            .types
            .iter()
            .filter(|(_, t)| !super::guess::is_type(t))
        {
            wrong(
                known,
                format!("「{word}」の型「{known}」はありません"),
                format!("`{known}` (for {word}) is not a type"),
            );
        }
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(problems)
        }
    }

    /// Our columns that the table has, with their headings.
    pub(super) fn known(&self) -> Vec<(&'static str, String)> {
        COLUMNS
            .iter()
            .filter_map(|id| Some((*id, self.columns.get(*id)?.clone())))
            .collect()
    }
}
