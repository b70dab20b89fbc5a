//! From findings to draft issues (起票案).

use renkei_core::model::{Finding, Lang, Level, Verdict};
use renkei_core::record::ResultDocument;

use super::cell;
use crate::{Format, Options, moment, view, words};

/// A draft issue: what the machine knows, in the order of the register's columns where it fills them.
pub(super) struct Draft {
    /// `K-0001`, in the order of severity.
    pub(super) number: String,
    /// The finding's sentence.
    pub(super) content: String,
    /// What it does to the result.
    pub(super) impact: String,
    /// 高 / 中 / 低.
    pub(super) priority: &'static str,
    /// Date and time of the run, absent when the document's time cannot be read.
    pub(super) occurred: Option<jiff::civil::DateTime>,
    /// 責任区分.
    pub(super) side: String,
    /// Party ids of sender and receiver; empty when the finding belongs to no case.
    pub(super) sender: String,
    /// See `sender`.
    pub(super) receiver: String,
    /// 連携ID.
    pub(super) linkage: String,
    /// Rule code.
    pub(super) rule: String,
    /// Case id.
    pub(super) case: String,
    /// The place in words.
    pub(super) place: String,
    /// Run id.
    pub(super) run: String,
    /// Exact number of places.
    pub(super) hits: u64,
    /// Link into the page of the same run.
    pub(super) evidence: String,
    /// Finding id.
    pub(super) finding: String,
}

/// One draft per finding that needs somebody to act: errors and warnings, the most severe first. Notices need none.
pub(super) fn drafts(doc: &ResultDocument, options: &Options) -> Vec<Draft> {
    let acts = view::ordered(doc)
        .into_iter()
        .filter(|f| matches!(f.level, Level::Error | Level::Warning));
    acts.enumerate()
        .map(|(i, finding)| draft(doc, finding, i + 1, options))
        .collect()
}

fn draft(doc: &ResultDocument, finding: &Finding, number: usize, options: &Options) -> Draft {
    let case = view::case_of(doc, finding);
    let party = |id: Option<&String>| id.map(|id| cell::text(id)).unwrap_or_default();
    Draft {
        number: format!("K-{number:04}"),
        content: cell::text(&finding.message.ja),
        impact: cell::text(&impact(doc, finding)),
        priority: priority(doc, finding),
        occurred: moment::local(&doc.run.started_at, options),
        side: words::of(Lang::Ja, "cause", finding.cause.kind.as_str()),
        sender: party(case.map(|case| &case.from)),
        receiver: party(case.map(|case| &case.to)),
        linkage: cell::text(&linkage(doc, finding)),
        rule: finding.rule.clone(),
        case: cell::text(&finding.case),
        place: cell::text(&view::place(&finding.location, Lang::Ja).join(" ")),
        run: cell::text(&doc.run.id),
        hits: finding.count,
        evidence: format!("{}#{}", Format::Html.file_name(), finding.id),
        finding: finding.id.clone(),
    }
}

/// The linkage of the finding's case, or of the only agreement row with the finding's item.
fn linkage(doc: &ResultDocument, finding: &Finding) -> String {
    if let Some(case) = view::case_of(doc, finding) {
        return case.linkage.clone();
    }
    let Some(item) = &finding.location.item else {
        return String::new();
    };
    let mut linkages: Vec<&str> = doc
        .agreement
        .iter()
        .filter(|row| row.id == *item)
        .map(|row| row.linkage.as_str())
        .collect();
    linkages.dedup();
    match linkages.as_slice() {
        [only] => (*only).to_owned(),
        _ => String::new(),
    }
}

/// 高: makes a required case, or the declarations, nonconforming. 中: other errors. 低: warnings. A draft; people decide.
fn priority(doc: &ResultDocument, finding: &Finding) -> &'static str {
    let required = view::case_of(doc, finding).is_none_or(|case| case.required);
    match (finding.level, finding.effect) {
        (Level::Error, Verdict::Fail) if required => "高",
        (Level::Error, _) => "中",
        _ => "低",
    }
}

fn impact(doc: &ResultDocument, finding: &Finding) -> String {
    let verdict = words::of(Lang::Ja, "verdict", finding.effect.as_str());
    let key = match (finding.level, view::case_of(doc, finding)) {
        (Level::Error, Some(case)) if case.required => "kadai.impact_required",
        (Level::Error, Some(_)) => "kadai.impact_optional",
        (Level::Error, None) => "kadai.impact_declaration",
        _ => "kadai.impact_warning",
    };
    words::fill(
        Lang::Ja,
        key,
        &[("case", &finding.case), ("verdict", &verdict)],
    )
}
