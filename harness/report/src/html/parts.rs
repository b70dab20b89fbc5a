//! Small pieces that every part of the page shares.

use renkei_core::model::{Finding, Lang, Level, Verdict};
use serde::Serialize;

use crate::{view, words};

/// A verdict or level as a label: word, glyph and tone, so that colour never stands alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Chip {
    /// Suffix of the style classes: `fail`, `warning` …
    pub(super) tone: String,
    /// Decoration beside the word.
    pub(super) glyph: &'static str,
    /// The word.
    pub(super) word: String,
}

/// A link within the page.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Link {
    /// Id it leads to.
    pub(super) target: String,
    /// What it says.
    pub(super) text: String,
}

impl Link {
    /// A link to something of the document by its own id.
    pub(super) fn to(id: &str) -> Self {
        Self {
            target: anchor(id),
            text: id.to_owned(),
        }
    }
}

/// The label of a verdict.
pub(crate) fn verdict(verdict: Verdict, lang: Lang) -> Chip {
    let glyph = match verdict {
        Verdict::Pass => "✓",
        Verdict::Fail => "✕",
        Verdict::Review => "?",
        Verdict::Inconclusive => "△",
        Verdict::NotApplicable => "–",
        Verdict::NotRun => "…",
        Verdict::ToolError => "‼",
    };
    let tone = verdict.as_str();
    Chip {
        tone: tone.to_owned(),
        glyph,
        word: words::of(lang, "verdict", tone),
    }
}

/// The label of a finding: what it does to its case when it is an error, else its level.
pub(super) fn finding(finding: &Finding, lang: Lang) -> Chip {
    match finding.level {
        Level::Error => verdict(finding.effect, lang),
        Level::Warning => Chip {
            tone: "warning".into(),
            glyph: "!",
            word: words::get(lang, "level.warning"),
        },
        Level::Notice | Level::Off => Chip {
            tone: "notice".into(),
            glyph: "i",
            word: words::get(lang, "level.notice"),
        },
    }
}

/// An id of the document as an id of the page: letters, digits, `-`, `_`; whatever else becomes `-`.
pub(crate) fn anchor(id: &str) -> String {
    id.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Id of a case's row.
pub(super) fn case_anchor(id: &str) -> String {
    format!("case-{}", anchor(id))
}

/// Milliseconds as seconds, `0.041`.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{:03}", view::number(ms / 1000), ms % 1000)
}

/// `A社 → B社`; one name where the other is not stated.
pub(super) fn direction(from: &str, to: &str) -> String {
    match (from.is_empty(), to.is_empty()) {
        (false, false) => format!("{from} → {to}"),
        (false, true) => from.to_owned(),
        _ => to.to_owned(),
    }
}
