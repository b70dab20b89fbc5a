//! The catalogue of 協議事項・設定事項 that a pack brings.

use serde::Deserialize;

use crate::model::{Bilingual, Problem, Problems};

/// One item that two vendors settle (協議事項) or that is entered into a system (設定事項).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `F01`; kept for ever.
    pub id: String,
    /// True for 協議事項, false for 設定事項.
    pub negotiated: bool,
    /// Title.
    pub title: Bilingual,
    /// The question put to both sides.
    pub question: Bilingual,
    /// What may be answered.
    pub allowed: Allowed,
    /// What the standard decides; empty when it leaves the item open.
    pub standard: String,
    /// Document and clause of `standard`, or where the item comes from.
    pub source: String,
    /// For which kinds of exchange the item matters: `file`, `api` or `both`.
    pub method: String,
    /// An answer is required.
    pub mandatory: bool,
    /// A conflict makes exchanging senseless.
    pub blocking: bool,
    /// The setting it decides: a key of a layout's `[file]`, or `api.…` / `auth.…`; empty for none.
    pub setting: String,
    /// How the harness can see the value.
    pub observe: String,
    /// Rules that the item parameterises.
    pub rules: Vec<String>,
}

/// What may be answered to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One of these.
    Values(Vec<String>),
    /// A whole number.
    Integer,
    /// Any text.
    Text,
}

impl Allowed {
    fn parse(text: &str) -> Self {
        match text.trim() {
            "" | "text" => Self::Text,
            "int" => Self::Integer,
            values if values.starts_with("regex:") => Self::Text,
            values => Self::Values(values.split('|').map(|v| v.trim().to_owned()).collect()),
        }
    }

    /// True when `value` may be answered.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Values(values) => values.iter().any(|v| v == value),
            Self::Integer => value.parse::<i64>().is_ok(),
            Self::Text => !value.trim().is_empty(),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    title_ja: String,
    title_en: String,
    question_ja: String,
    question_en: String,
    values: String,
    standard: String,
    standard_source: String,
    #[serde(default)]
    method: String,
    mandatory: String,
    blocking: String,
    setting: String,
    observe: String,
    rules: String,
}

/// Reads `agreement-items.csv`.
pub fn load_items(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<Item> {
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let mut items: Vec<Item> = Vec::new();
    for row in reader.deserialize::<Row>() {
        match row {
            Ok(row) if items.iter().any(|item| item.id == row.id) => problems.push(
                Problem::of_file(
                    file,
                    Bilingual::new(
                        format!("項目 {} が2回あります", row.id),
                        format!("item {} appears twice", row.id),
                    ),
                    Bilingual::new("番号は重ねられません", "every id appears once"),
                )
                .of_rule("SPC-005"),
            ),
            Ok(row) => items.push(item(row)),
            Err(error) => {
                let line = error
                    .position()
                    .map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
                let mut problem = Problem::of_file(
                    file,
                    Bilingual::new(
                        format!("行を読めません: {error}"),
                        format!("row cannot be read: {error}"),
                    ),
                    Bilingual::new(
                        "specs/README.md の列の表と比べてください",
                        "compare with the columns in specs/README.md",
                    ),
                );
                problem.line = line;
                problems.push(problem);
            }
        }
    }
    items
}

fn item(row: Row) -> Item {
    Item {
        negotiated: matches!(row.kind.as_str(), "協議" | "agreed"),
        title: Bilingual::new(row.title_ja, row.title_en),
        question: Bilingual::new(row.question_ja, row.question_en),
        allowed: Allowed::parse(&row.values),
        standard: row.standard,
        source: row.standard_source,
        method: if row.method.is_empty() {
            "both".to_owned()
        } else {
            row.method
        },
        mandatory: row.mandatory == "yes",
        blocking: row.blocking == "yes",
        setting: row.setting,
        observe: row.observe,
        rules: row
            .rules
            .split([' ', '|'])
            .filter(|r| !r.is_empty())
            .map(str::to_owned)
            .collect(),
        id: row.id,
    }
}
