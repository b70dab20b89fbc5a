//! A case by itself: its findings with their bytes, its exchanges, its times.

use renkei_core::model::{Finding, Lang, exit};
use renkei_core::record::{CaseResult, Counts, LogLine, ResultDocument};

use super::{difference, waterfall};
use crate::html::{self, anchor, safe};
use crate::{Options, ReportError, chars, words};

/// The document with only one case in it. Only what belongs to the case is copied: a run has hundreds of them.
fn only(doc: &ResultDocument, case: &CaseResult) -> ResultDocument {
    fn kept<T: Clone>(all: &[T], held: impl Fn(&T) -> bool) -> Vec<T> {
        all.iter().filter(|one| held(one)).cloned().collect()
    }
    let mut run = doc.run.clone();
    run.reproduce.clone_from(&case.reproduce);
    ResultDocument {
        schema: doc.schema.clone(),
        tool: doc.tool.clone(),
        run,
        packs: doc.packs.clone(),
        parties: doc.parties.clone(),
        verdict: case.verdict,
        exit_code: exit::of_verdict(case.verdict),
        counts: Counts::from([(case.verdict.as_str().to_owned(), 1)]),
        inputs: kept(&doc.inputs, |input| input.case == case.id),
        agreement: kept(&doc.agreement, |row| {
            row.linkage == case.linkage && (row.exchange.is_empty() || row.exchange == case.id)
        }),
        ambiguities: kept(&doc.ambiguities, |entry| {
            entry.linkages.is_empty() || entry.linkages.contains(&case.linkage)
        }),
        preflight: Vec::new(),
        cases: vec![case.clone()],
        findings: kept(&doc.findings, |finding| finding.case == case.id),
        log: kept(&doc.log, |line| line.case == case.id),
        remarks: doc.remarks.clone(),
    }
}

/// The page of a case, with the way back and the times of its calls.
pub(super) fn page(
    doc: &ResultDocument,
    case: &CaseResult,
    nav: &str,
    lang: Lang,
    options: &Options,
) -> Result<String, ReportError> {
    let part = only(doc, case);
    let whole = html::page_text(&part, lang, options)?;
    let findings: Vec<&Finding> = part.findings.iter().collect();
    let lines: Vec<&LogLine> = part.log.iter().collect();
    let more = format!(
        "{}{}{}",
        difference::section(&findings, lang),
        characters(&findings, lang),
        times(&lines, lang)
    );
    Ok(bytes_by_column(&whole, &findings)
        .replacen(MAIN, &format!("{MAIN}\n{nav}"), 1)
        .replacen("</div></main>", &format!("{more}</div></main>"), 1))
}

const MAIN: &str = "<main id=\"main\"><div class=\"rk-page\">";

/// `#byte-22` leads to byte 22 of the first finding that shows it; each finding has ids of its own besides.
fn bytes_by_column(page: &str, findings: &[&Finding]) -> String {
    let mut out = page.to_owned();
    let mut seen = std::collections::BTreeSet::new();
    for finding in findings {
        let Some(ruler) = &finding.ruler else {
            continue;
        };
        let bytes: usize = ruler
            .cells
            .iter()
            .map(|cell| cell.hex.split_whitespace().count())
            .sum();
        let from = ruler.record_offset.saturating_add(1);
        for column in (from..).take(bytes) {
            if seen.insert(column) {
                let open = format!("<span id=\"{}-byte-{column}\">", anchor(&finding.id));
                let both = format!("<b id=\"byte-{column}\"></b>{open}");
                out = out.replacen(&open, &both, 1);
            }
        }
    }
    out
}

/// What the marked bytes are, character by character: a glyph is never the only evidence.
fn characters(findings: &[&Finding], lang: Lang) -> String {
    let mut rows = String::new();
    for finding in findings {
        let cells = finding.ruler.iter().flat_map(|ruler| &ruler.cells);
        for cell in cells.filter(|cell| cell.marked) {
            let text = named(&cell.text).unwrap_or_else(|| cell.text.clone());
            // A masked byte, or a token that stands for what is no character.
            let known = !cell.hex.contains('\u{b7}') && !text.starts_with('[');
            // A digit or a masked byte says no more than the ruler does.
            let plain = text.is_empty() || text.chars().all(|c| c.is_ascii_graphic());
            if (known && plain) || cell.hex.chars().all(|c| c == '\u{b7}') {
                continue;
            }
            let (parts, kinds) = if known {
                (chars::clusters(&text), chars::kinds(&text))
            } else {
                Default::default()
            };
            let codes: Vec<String> = parts.iter().map(|part| code_points(part)).collect();
            let kinds: Vec<String> = kinds
                .into_iter()
                .map(|kind| kind_chip(kind, lang))
                .collect();
            rows.push_str(&format!(
                "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                anchor(&finding.id),
                safe(&finding.id),
                safe(&cell.text),
                codes.join("<br>"),
                safe(&cell.hex),
                kinds.join(" "),
                safe(&finding.rule),
            ));
        }
    }
    let columns = [
        "finding",
        "character",
        "code_point",
        "bytes_seen",
        "kind",
        "reason",
    ];
    section("characters", "", &columns, &rows, lang)
}

/// The character that a token such as `[U+E000]` names.
fn named(token: &str) -> Option<String> {
    let code = token.strip_prefix("[U+")?.strip_suffix(']')?;
    let code = u32::from_str_radix(code, 16).ok()?;
    char::from_u32(code).map(String::from)
}

pub(super) fn code_points(text: &str) -> String {
    let code = |c: char| format!("U+{:04X}", u32::from(c));
    text.chars().map(code).collect::<Vec<_>>().join(" ")
}

pub(super) fn kind_chip(kind: &str, lang: Lang) -> String {
    format!(
        "<span class=\"rk-state\">{}</span>",
        safe(&words::of(lang, "chip", kind))
    )
}

fn times(lines: &[&LogLine], lang: Lang) -> String {
    let Some(drawing) = waterfall::svg(lines, lang) else {
        return String::new();
    };
    let mut rows = String::new();
    for line in lines {
        let parts =
            waterfall::parts(line).map(|us| format!("<td class=\"rk-num\">{:.3}</td>", millis(us)));
        rows.push_str(&format!(
            "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th>{}</tr>",
            anchor(&line.id),
            safe(&line.id),
            parts.concat()
        ));
    }
    let columns = ["log", "connecting", "sending", "waiting", "receiving"];
    section("times", &drawing, &columns, &rows, lang)
}

#[expect(clippy::cast_precision_loss, reason = "shown with three decimals")]
fn millis(us: u64) -> f64 {
    us as f64 / 1000.0
}

/// A section with a table; nothing without rows.
pub(super) fn section(id: &str, drawing: &str, columns: &[&str], rows: &str, lang: Lang) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = columns
        .iter()
        .map(|key| format!("<th scope=\"col\">{}</th>", words::of(lang, "site", key)))
        .collect();
    format!(
        "<section><h2 id=\"{id}\">{}</h2>{drawing}<div class=\"rk-scroll\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"{id}\"><table class=\"rk-table\"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>\
         </div></section>",
        words::of(lang, "site", id)
    )
}
