use std::collections::BTreeMap;
use std::fmt::Write as _;

use renkei_core::model::{Bilingual, Finding, Lang, Location};
use renkei_core::record::{CaseResult, ResultDocument};

use super::{ruler, style};
use crate::{Options, view, visible, words};

/// `不適合[ENC-003]: 氏名に様式の文字集合にない文字があります`.
pub fn headline(finding: &Finding, lang: Lang, options: &Options) -> String {
    let word = words::get(lang, &view::headline_key(finding));
    let code = style::paint(
        style::of_finding(finding),
        format!("{word}[{}]", finding.rule),
        options,
    );
    let message = style::paint(
        style::strong(),
        visible::line(finding.message.get(lang)),
        options,
    );
    format!("{code}: {message}")
}

/// One finding as a compiler would print it: what, where, the bytes, why, expected, observed, whose side, how to fix,
/// how to reproduce. Ends with a newline.
pub fn finding(doc: &ResultDocument, finding: &Finding, lang: Lang, options: &Options) -> String {
    let mut out = format!("{}\n", headline(finding, lang, options));
    let arrow = style::paint(style::label(), "-->", options);
    let _ = writeln!(
        out,
        "  {arrow} {}",
        view::place(&finding.location, lang).join("  ")
    );
    let rows = finding
        .ruler
        .as_ref()
        .map(|r| {
            ruler::rows(
                r,
                finding.location.record_offset,
                style::of_finding(finding),
                lang,
                options,
            )
        })
        .unwrap_or_default();
    if rows.is_empty() && !finding.hex.is_empty() {
        let label = style::paint(style::label(), words::get(lang, "text.ruler_hex"), options);
        let _ = writeln!(
            out,
            "      {label}  {}",
            visible::line(&finding.hex).replace('\u{b7}', "*")
        );
    }
    for row in rows {
        let _ = writeln!(out, "{row}");
    }
    for (label, text) in notes(doc, finding, lang) {
        let label = style::paint(
            style::label(),
            format!("{}:", words::get(lang, label)),
            options,
        );
        let _ = writeln!(out, "   {label} {text}");
    }
    if finding.count > 1 {
        let _ = writeln!(out, "   {}", repeats(finding, lang));
    }
    out
}

/// `C-002 title  L-02  A社 -> C社`.
fn case_line(doc: &ResultDocument, case: &CaseResult, lang: Lang) -> String {
    let mut parts = vec![format!(
        "{} {}",
        visible::line(&case.id),
        visible::line(case.title.get(lang))
    )];
    parts.push(visible::line(&case.linkage));
    if !case.from.is_empty() || !case.to.is_empty() {
        let (from, to) = (
            view::party_name(doc, &case.from, lang),
            view::party_name(doc, &case.to, lang),
        );
        parts.push(format!("{from} -> {to}"));
    }
    parts.retain(|part| !part.trim().is_empty());
    parts.join("  ")
}

/// How often the same finding occurs elsewhere, and where next.
fn repeats(finding: &Finding, lang: Lang) -> String {
    let more = view::number(finding.count.saturating_sub(1));
    let same = words::fill(lang, "text.same", &[("n", &more)]);
    match finding.samples.get(1) {
        Some(next) => {
            let elsewhere = next.file != finding.location.file;
            let file = if elsewhere { next.file.clone() } else { None };
            let place = view::place(
                &Location {
                    file,
                    field_no: None,
                    ..next.clone()
                },
                lang,
            )
            .join("  ");
            format!(
                "{same}  {}",
                words::fill(lang, "text.same_at", &[("place", &place)])
            )
        }
        None => same,
    }
}

/// The labelled lines under the ruler, in the order people need them.
fn notes(doc: &ResultDocument, finding: &Finding, lang: Lang) -> Vec<(&'static str, String)> {
    let explain = words::fill(lang, "text.explain", &[("rule", &finding.rule)]);
    let why = if finding.requirements.is_empty() {
        explain
    } else {
        let list = visible::line(&finding.requirements.join(", "));
        format!(
            "{}  {explain}",
            words::fill(lang, "text.requirement", &[("list", &list)])
        )
    };
    let cause = view::side(doc, finding, lang);
    let confidence = words::of(lang, "confidence", finding.cause.confidence.as_str());
    let side = words::fill(
        lang,
        "text.side_value",
        &[("cause", &cause), ("confidence", &confidence)],
    );
    let explains: Vec<&str> = finding
        .explains
        .iter()
        .map(|text: &Bilingual| text.get(lang))
        .collect();
    let mut notes = vec![
        (
            "text.case",
            view::case_of(doc, finding)
                .map(|case| case_line(doc, case, lang))
                .unwrap_or_default(),
        ),
        ("text.why", why),
        ("text.expected", visible::line(&finding.expected)),
        ("text.observed", visible::line(&finding.observed)),
        (
            "text.side",
            format!("{side} {}", visible::line(finding.cause.proof.get(lang))),
        ),
        ("text.explains", visible::line(&explains.join(" / "))),
        ("text.fix", visible::line(finding.fix.get(lang))),
        ("text.reproduce", view::reproduce(doc, finding)),
    ];
    notes.retain(|(_, text)| !text.trim().is_empty());
    notes
}

/// All findings, the most severe first, at most [`Options::max_per_rule`] of one rule; the rest is counted.
pub fn findings(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut parts = Vec::new();
    for found in view::ordered(doc) {
        let seen = shown.entry(&found.rule).or_insert(0);
        *seen += 1;
        if options.max_per_rule > 0 && *seen > options.max_per_rule {
            let (kinds, places) = left.entry(&found.rule).or_insert((0, 0));
            *kinds += 1;
            *places += found.count;
            continue;
        }
        parts.push(finding(doc, found, lang, options));
    }
    if !left.is_empty() {
        parts.push(rest(&left, lang));
    }
    parts.join("\n")
}

fn rest(left: &BTreeMap<&str, (u64, u64)>, lang: Lang) -> String {
    let mut out = String::new();
    for (rule, (kinds, places)) in left {
        let args = [
            ("rule", *rule),
            ("n", &view::number(*kinds)),
            ("places", &view::number(*places)),
        ];
        let _ = writeln!(out, "{}", words::fill(lang, "text.more_of_rule", &args));
    }
    out
}
