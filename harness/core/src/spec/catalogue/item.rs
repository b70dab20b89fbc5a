//! `agreement-items.csv`: one item that two vendors settle.

use std::fmt;

use regex::Regex;
use serde::Deserialize;

use super::Status;
use super::table::{rows, wrong};
use crate::model::{Bilingual, Problems};

/// One item that two vendors settle (協議事項) or that is entered into a system (設定事項).
#[derive(Clone, Debug)]
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
    /// Whether this pair must answer, and whether it may.
    pub status: Status,
    /// Why this pair is held to something else than the catalogue says for all, with its source.
    pub demanded: Option<Bilingual>,
    /// Who decides when both sides allow several values.
    pub choice: Choice,
    /// What is usually answered; only for proposals, never a default.
    pub usual: String,
    /// A conflict makes exchanging senseless.
    pub blocking: bool,
    /// The setting it decides: a key of a layout's `[file]`, or `api.…` / `auth.…`; empty for none.
    pub setting: String,
    /// How the harness can see the value.
    pub observe: String,
    /// Rules that the item parameterises.
    pub rules: Vec<String>,
}

/// Who decides when both sides allow several values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// A person; until then the item is open.
    #[default]
    Person,
    /// The provider's order of preference.
    Provider,
    /// The consumer's order of preference.
    Consumer,
}

const CHOICES: &[(&str, Choice)] = &[
    ("", Choice::Person),
    ("person", Choice::Person),
    ("provider", Choice::Provider),
    ("consumer", Choice::Consumer),
];

/// What may be answered to an item.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// One of these.
    Values(Vec<String>),
    /// A whole number or a range of them (`300..600`).
    Integer,
    /// Text that the whole expression matches.
    Pattern(Regex),
    /// Any text.
    Text,
}

impl Allowed {
    fn parse(text: &str) -> Result<Self, regex::Error> {
        Ok(match text.trim() {
            "" | "text" => Self::Text,
            "int" => Self::Integer,
            values => match values.strip_prefix("regex:") {
                Some(pattern) => Self::Pattern(Regex::new(&format!("^(?:{pattern})$"))?),
                None => Self::Values(values.split('|').map(|v| v.trim().to_owned()).collect()),
            },
        })
    }

    /// True when `value` may be answered.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Values(values) => values.iter().any(|v| v == value),
            Self::Integer => Span::parse(value).is_some_and(Span::is_of_quantities),
            Self::Pattern(pattern) => pattern.is_match(value),
            Self::Text => !value.trim().is_empty(),
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Values(values) => f.write_str(&values.join(" | ")),
            Self::Integer => f.write_str("integer, or a range such as 300..600"),
            Self::Pattern(pattern) => {
                let text = pattern.as_str();
                f.write_str(
                    text.strip_prefix("^(?:")
                        .and_then(|t| t.strip_suffix(")$"))
                        .unwrap_or(text),
                )
            }
            Self::Text => f.write_str("text"),
        }
    }
}

/// A range of whole numbers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Lowest; `None` without limit.
    pub low: Option<i64>,
    /// Highest; `None` without limit.
    pub high: Option<i64>,
}

impl Span {
    /// Reads `300`, `300..600`, `..600`, `300..`, `<=600`, `>=300`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let text = text.trim();
        if let Some(high) = text.strip_prefix("<=") {
            return Some(Self {
                low: None,
                high: Some(number(high)?),
            });
        }
        if let Some(low) = text.strip_prefix(">=") {
            return Some(Self {
                low: Some(number(low)?),
                high: None,
            });
        }
        let Some((low, high)) = text.split_once("..") else {
            let only = number(text)?;
            return Some(Self {
                low: Some(only),
                high: Some(only),
            });
        };
        let end = |text: &str| {
            if text.trim().is_empty() {
                Some(None)
            } else {
                number(text).map(Some)
            }
        };
        let span = Self {
            low: end(low)?,
            high: end(high)?,
        };
        let empty = matches!((span.low, span.high), (Some(l), Some(h)) if l > h);
        let boundless = span.low.is_none() && span.high.is_none();
        (!empty && !boundless).then_some(span)
    }

    /// The numbers in both; `None` when there are none.
    pub fn common(self, other: Self) -> Option<Self> {
        let low = self.low.max(other.low);
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let empty = matches!((low, high), (Some(l), Some(h)) if l > h);
        (!empty).then_some(Self { low, high })
    }

    /// True without numbers below zero: what is agreed in numbers are seconds, lengths and counts.
    fn is_of_quantities(self) -> bool {
        self.low.or(self.high).is_none_or(|n| n >= 0)
    }

    /// True when every number of it is in `other`.
    pub fn is_within(self, other: Self) -> bool {
        self.common(other) == Some(self)
    }

    /// The number, when it is only one.
    pub fn only(self) -> Option<i64> {
        self.low.filter(|low| Some(*low) == self.high)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => write!(f, "{low}"),
            (low, high) => {
                let end = |end: Option<i64>| end.map_or(String::new(), |n| n.to_string());
                write!(f, "{}..{}", end(low), end(high))
            }
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
    #[serde(default)]
    choice: String,
    #[serde(default)]
    usual: String,
}

pub(super) fn load(file: &str, bytes: &[u8], problems: &mut Problems) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for (line, row) in rows::<Row>(file, bytes, problems) {
        let fault = if items.iter().any(|item| item.id == row.id) {
            Some(Bilingual::new(
                format!("項目 {} が2回あります（番号は重ねられません）", row.id),
                format!("item {} appears twice (every id appears once)", row.id),
            ))
        } else if !CHOICES.iter().any(|(word, _)| *word == row.choice) {
            Some(Bilingual::new(
                format!(
                    "choice「{}」はありません（person | provider | consumer）",
                    row.choice
                ),
                format!(
                    "there is no choice `{}` (person | provider | consumer)",
                    row.choice
                ),
            ))
        } else {
            None
        };
        if let Some(message) = fault {
            let twice = items.iter().any(|item| item.id == row.id);
            let rule = if twice { "SPC-005" } else { "" };
            problems.push(wrong(file, line, message).of_rule(rule));
            continue;
        }
        match Allowed::parse(&row.values) {
            Ok(allowed) => items.push(item(row, allowed)),
            Err(error) => problems.push(wrong(
                file,
                line,
                Bilingual::new(
                    format!("values の正規表現を読めません: {error}"),
                    format!("the regular expression in values cannot be read: {error}"),
                ),
            )),
        }
    }
    items
}

fn item(row: Row, allowed: Allowed) -> Item {
    let mandatory = row.mandatory == "yes";
    let choice = CHOICES.iter().find(|(word, _)| *word == row.choice);
    Item {
        negotiated: matches!(row.kind.as_str(), "協議" | "agreed"),
        title: Bilingual::new(row.title_ja, row.title_en),
        question: Bilingual::new(row.question_ja, row.question_en),
        allowed,
        standard: row.standard,
        source: row.standard_source,
        method: if row.method.is_empty() {
            "both".to_owned()
        } else {
            row.method
        },
        mandatory,
        status: if mandatory {
            Status::Mandatory
        } else {
            Status::Optional
        },
        demanded: None,
        choice: choice.map_or(Choice::Person, |(_, choice)| *choice),
        usual: row.usual,
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

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn ranges_meet() {
        let span = |text| Span::parse(text).expect("a range");
        let common = |a, b| span(a).common(span(b)).map(|s| s.to_string());
        assert_eq!(common("300..600", "600"), Some("600".into()));
        assert_eq!(common("..600", "300.."), Some("300..600".into()));
        assert_eq!(common("1..2", "3.."), None);
        assert_eq!(common("<=600", "60..900"), Some("60..600".into()));
        assert!(span("60..600").is_within(span("<=600")) && !span("60..").is_within(span("<=600")));
        for wrong in ["", "..", "x", "6..3", "1..2..3", "<="] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }
}
