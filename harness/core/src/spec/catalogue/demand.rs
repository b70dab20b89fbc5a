//! `agreement-demands.csv`: what holds for an item between some kinds of systems only.

use serde::Deserialize;

use super::table::{rows, wrong};
use super::{Allowed, Expression, Item};
use crate::model::{Bilingual, Problems};

/// Whether a pair must answer an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// 必須: both sides must answer.
    Mandatory,
    /// 任意
    #[default]
    Optional,
    /// 条件付き: must be answered because another answer asks for it.
    Conditional,
    /// 不可: must not be answered between these systems.
    Prohibited,
    /// 対象外: says nothing to these systems, and is not asked.
    NotApplicable,
}

const STATUSES: &[(&str, Status)] = &[
    ("mandatory", Status::Mandatory),
    ("optional", Status::Optional),
    ("conditional", Status::Conditional),
    ("prohibited", Status::Prohibited),
    ("not_applicable", Status::NotApplicable),
];

impl Status {
    /// The word in tables and in documents for programs.
    pub fn as_str(self) -> &'static str {
        STATUSES
            .iter()
            .find(|(_, status)| *status == self)
            .map_or("", |(word, _)| word)
    }
}

/// What holds for an item when a condition does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Item id.
    pub item: String,
    /// When it holds.
    pub when: Expression,
    /// Whether the item must be answered; `None` leaves it as it is.
    pub status: Option<Status>,
    /// The values that remain; empty leaves them as they are.
    pub values: Vec<String>,
    /// Document and clause.
    pub source: String,
    /// Why, for people.
    pub reason: Bilingual,
}

#[derive(Deserialize)]
struct Row {
    item: String,
    when: String,
    status: String,
    values: String,
    reason_ja: String,
    reason_en: String,
    source: String,
}

pub(super) fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<Demand> {
    let mut demands = Vec::new();
    for (line, row) in rows::<Row>(file, bytes, problems) {
        let when = match Expression::parse(&row.when) {
            Ok(when) => when,
            Err((message, _)) => {
                problems.push(wrong(file, line, message));
                continue;
            }
        };
        let status = STATUSES.iter().find(|(word, _)| *word == row.status);
        if status.is_none() && !row.status.is_empty() {
            let words: Vec<&str> = STATUSES.iter().map(|(word, _)| *word).collect();
            let list = words.join(" | ");
            problems.push(wrong(
                file,
                line,
                Bilingual::new(
                    format!("status「{}」はありません（{list}）", row.status),
                    format!("there is no status `{}` ({list})", row.status),
                ),
            ));
            continue;
        }
        demands.push(Demand {
            item: row.item,
            when,
            status: status.map(|(_, status)| *status),
            values: row
                .values
                .split('|')
                .map(str::trim)
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
                .collect(),
            source: row.source,
            reason: Bilingual::new(row.reason_ja, row.reason_en),
        });
    }
    demands
}

impl Demand {
    /// The item under this demand.
    pub fn apply(&self, item: &mut Item) {
        if let Some(status) = self.status {
            item.status = status;
            item.mandatory = matches!(status, Status::Mandatory | Status::Conditional);
        }
        if !self.values.is_empty() {
            item.allowed = Allowed::Values(self.values.clone());
            // What the standard fixes for all others is not fixed for this pair.
            item.standard.clear();
        }
        item.demanded = Some(Bilingual::new(
            format!("{}（{}）", self.reason.ja, self.source),
            format!("{} ({})", self.reason.en, self.source),
        ));
    }
}
