use std::fmt::Write as _;

use renkei_core::model::{Lang, Level, Verdict};
use renkei_core::record::{CaseResult, ResultDocument};

use super::{style, width};
use crate::{Options, view, visible, words};

/// Case ids shown in one line of the table; the rest is counted.
const MAX_CASES: usize = 12;

/// What a reader must know before the findings: tool, run, data class, remarks.
pub fn head(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let title = visible::line(doc.run.title.get(lang));
    let run = words::fill(
        lang,
        "text.run",
        &[("id", &visible::line(&doc.run.id)), ("title", &title)],
    );
    let class = words::of(lang, "data_class", &doc.run.data_class);
    let class = words::fill(lang, "text.data_class", &[("class", &class)]);
    let mut out = format!(
        "{} {}  {}  [{class}]\n",
        doc.tool.name,
        doc.tool.version,
        style::paint(style::strong(), run, options)
    );
    for remark in &doc.remarks {
        let _ = writeln!(
            out,
            "{}: {}",
            words::get(lang, "text.remark"),
            visible::line(remark.get(lang))
        );
    }
    out
}

/// What is not in order although no finding says so: preflight checks, and cases that neither passed nor failed.
pub fn open_points(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let mut out = String::new();
    let unready: Vec<_> = doc
        .preflight
        .iter()
        .filter(|row| row.verdict != Verdict::Pass)
        .collect();
    if !unready.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            style::paint(style::strong(), words::get(lang, "text.preflight"), options)
        );
    }
    for row in unready {
        let verdict = verdict_word(row.verdict, lang, options);
        let party = view::party_name(doc, &row.party, lang);
        let (title, seen) = (
            visible::line(row.title.get(lang)),
            visible::line(row.seen.get(lang)),
        );
        let _ = writeln!(
            out,
            "  {verdict} {}  {party}  {title}: {seen}",
            visible::line(&row.id)
        );
        let fix = visible::line(row.fix.get(lang));
        if !fix.is_empty() {
            let _ = writeln!(
                out,
                "    {} {fix}",
                style::paint(
                    style::label(),
                    format!("{}:", words::get(lang, "text.fix")),
                    options
                )
            );
        }
    }
    let silent: Vec<&CaseResult> = doc.cases.iter().filter(|case| is_silent(case)).collect();
    if !silent.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            style::paint(
                style::strong(),
                words::get(lang, "text.not_concluded"),
                options
            )
        );
    }
    for case in silent {
        let verdict = verdict_word(case.verdict, lang, options);
        let title = visible::line(case.title.get(lang));
        let _ = writeln!(
            out,
            "  {verdict} {}  {title}  {}",
            visible::line(&case.id),
            view::reason(case, lang)
        );
    }
    out.push_str(&ambiguities(doc, lang, options));
    out
}

/// Where both sides follow a reading of the specification and still disagree: one line each.
fn ambiguities(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let mut out = String::new();
    for (at, entry) in doc.ambiguities.iter().enumerate() {
        if at == 0 {
            let head = words::get(lang, "text.ambiguities");
            let _ = writeln!(out, "{}", style::paint(style::strong(), head, options));
        }
        let (title, proposal) = (entry.title.get(lang), entry.proposal.get(lang));
        let _ = writeln!(
            out,
            "  {}  {}: {}",
            visible::line(&entry.id),
            visible::line(title),
            visible::line(proposal)
        );
    }
    out
}

/// A case that is not green, is in scope, and has no finding that says why.
fn is_silent(case: &CaseResult) -> bool {
    case.findings.is_empty() && !matches!(case.verdict, Verdict::Pass | Verdict::NotApplicable)
}

fn verdict_word(verdict: Verdict, lang: Lang, options: &Options) -> String {
    style::paint(
        style::of_verdict(verdict),
        words::of(lang, "verdict", verdict.as_str()),
        options,
    )
}

/// The table at the end: verdicts with their cases, findings, sides, reports, exit code.
pub fn summary(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let mut out = table(doc, lang, options);
    let _ = writeln!(out, "{}", findings_line(doc, lang));
    let sides: Vec<String> = view::causes(doc)
        .into_iter()
        .map(|(kind, n)| {
            format!(
                "{} {}",
                words::of(lang, "cause", kind.as_str()),
                view::number(n)
            )
        })
        .collect();
    if !sides.is_empty() {
        let _ = writeln!(
            out,
            "{}: {}",
            words::get(lang, "text.sides"),
            sides.join("  ")
        );
    }
    let overall = words::fill(
        lang,
        "text.overall",
        &[("verdict", &verdict_word(doc.verdict, lang, options))],
    );
    let _ = writeln!(out, "{overall}");
    for path in &options.report_paths {
        let _ = writeln!(
            out,
            "{}  {}",
            words::get(lang, "text.reports"),
            visible::line(path)
        );
    }
    if !doc.run.reproduce.is_empty() {
        let _ = writeln!(
            out,
            "{}  {}",
            words::get(lang, "text.reproduce_run"),
            visible::line(&doc.run.reproduce)
        );
    }
    let code = doc.exit_code.to_string();
    let meaning = words::of(lang, "exit", &code);
    let _ = writeln!(
        out,
        "{}",
        words::fill(lang, "text.exit", &[("code", &code), ("meaning", &meaning)])
    );
    out
}

fn table(doc: &ResultDocument, lang: Lang, options: &Options) -> String {
    let heads = [
        "text.column_verdict",
        "text.column_count",
        "text.column_cases",
    ]
    .map(|key| words::get(lang, key));
    let rows: Vec<(Verdict, String, String)> = [Verdict::Pass]
        .into_iter()
        .chain(Verdict::ALL.into_iter().filter(|v| *v != Verdict::Pass))
        .filter(|verdict| view::count(doc, *verdict) > 0)
        .map(|verdict| {
            (
                verdict,
                view::number(view::count(doc, verdict)),
                cases_of(doc, verdict, lang),
            )
        })
        .collect();
    let [verdict_head, count_head, cases_head] = &heads;
    let first = rows
        .iter()
        .map(|(v, ..)| width::of(&words::of(lang, "verdict", v.as_str()), options))
        .chain([width::of(verdict_head, options)])
        .max()
        .unwrap_or(0);
    let second = rows
        .iter()
        .map(|(_, n, _)| n.len())
        .chain([width::of(count_head, options)])
        .max()
        .unwrap_or(0);
    let mut out = format!(
        "{}  {count_head}  {cases_head}\n",
        width::pad(verdict_head, first, options)
    );
    let _ = writeln!(
        out,
        "{}  {}  {}",
        "-".repeat(first),
        "-".repeat(second),
        "-".repeat(16)
    );
    for (verdict, count, cases) in rows {
        let word = width::pad(
            &words::of(lang, "verdict", verdict.as_str()),
            first,
            options,
        );
        let word = style::paint(style::of_verdict(verdict), word, options);
        let _ = writeln!(
            out,
            "{}",
            format!("{word}  {count:>second$}  {cases}").trim_end()
        );
    }
    out
}

/// Ids of the cases with a verdict; passed cases are only counted.
fn cases_of(doc: &ResultDocument, verdict: Verdict, lang: Lang) -> String {
    if verdict == Verdict::Pass {
        return String::new();
    }
    let ids: Vec<String> = doc
        .cases
        .iter()
        .filter(|case| case.verdict == verdict)
        .map(|case| visible::line(&case.id))
        .collect();
    let mut shown: Vec<String> = ids.iter().take(MAX_CASES).cloned().collect();
    if ids.len() > MAX_CASES {
        let more = view::number((ids.len() - MAX_CASES) as u64);
        shown.push(words::fill(lang, "text.and_more", &[("n", &more)]));
    }
    shown.join(" ")
}

fn findings_line(doc: &ResultDocument, lang: Lang) -> String {
    let of_level = |level: Level| {
        view::number(doc.findings.iter().filter(|f| f.level == level).count() as u64)
    };
    let reported = doc.findings.iter().filter(|f| f.level != Level::Off);
    let (kinds, places) = reported.fold((0u64, 0u64), |(kinds, places), f| {
        (kinds + 1, places.saturating_add(f.count))
    });
    if kinds == 0 {
        return words::get(lang, "text.no_findings");
    }
    let args = [
        ("kinds", view::number(kinds)),
        ("places", view::number(places)),
        ("errors", of_level(Level::Error)),
        ("warnings", of_level(Level::Warning)),
        ("notices", of_level(Level::Notice)),
    ];
    words::fill(
        lang,
        "text.findings",
        &args.each_ref().map(|(name, value)| (*name, value.as_str())),
    )
}
