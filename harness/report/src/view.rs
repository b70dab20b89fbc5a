//! Reading a result document: what all renderers look up or order the same way. Nothing here judges.

use std::collections::BTreeMap;

use renkei_core::model::{CauseKind, Finding, Lang, Level, Location, NotRunReason, Ruler, Verdict};
use renkei_core::record::{CaseResult, LogLine, Party, ResultDocument};

use crate::{visible, words};

/// The case of a finding; none for findings about profiles and packs.
pub(crate) fn case_of<'a>(doc: &'a ResultDocument, finding: &Finding) -> Option<&'a CaseResult> {
    doc.cases.iter().find(|case| case.id == finding.case)
}

/// A party by its id.
pub(crate) fn party<'a>(doc: &'a ResultDocument, id: &str) -> Option<&'a Party> {
    doc.parties.iter().find(|party| party.id == id)
}

/// A party's name, or its id where the plan names no such party.
pub(crate) fn party_name(doc: &ResultDocument, id: &str, lang: Lang) -> String {
    let name = party(doc, id)
        .map(|party| party.name.get(lang))
        .unwrap_or_default();
    visible::line(if name.is_empty() { id } else { name })
}

/// Who reads an ambiguity so: a party by its name, or where an exchange showed it (`L-01 観測`) in words.
pub(crate) fn reader(doc: &ResultDocument, user: &str, lang: Lang) -> String {
    match user.strip_suffix(" 観測") {
        Some(linkage) => words::fill(
            lang,
            "html.seen_in",
            &[("linkage", &visible::line(linkage))],
        ),
        None => party_name(doc, user, lang),
    }
}

/// The proposed side in words: `送信側 A社`. The party is named only where the document itself names it: the sender and
/// the receiver of the finding's case. A stand-in is called one: its behaviour is never a vendor's result.
pub(crate) fn side(doc: &ResultDocument, finding: &Finding, lang: Lang) -> String {
    let kind = words::of(lang, "cause", finding.cause.kind.as_str());
    let acting = case_of(doc, finding).and_then(|case| match finding.cause.kind {
        CauseKind::Sender => Some(&case.from),
        CauseKind::Receiver => Some(&case.to),
        _ => None,
    });
    match acting.filter(|id| !id.is_empty()) {
        Some(id) if party(doc, id).is_some_and(|party| party.stand_in) => {
            format!(
                "{kind} {}",
                words::fill(
                    lang,
                    "text.stand_in",
                    &[("name", &party_name(doc, id, lang))]
                )
            )
        }
        Some(id) => format!("{kind} {}", party_name(doc, id, lang)),
        None => kind,
    }
}

/// The data class in words; where values are shown, with the approval under which: it stands on every page.
pub(crate) fn data_class(doc: &ResultDocument, lang: Lang) -> String {
    data_class_of(&doc.run.data_class, &doc.run.revealed, lang)
}

/// The same of a run that is known by its class and approval alone.
pub(crate) fn data_class_of(class: &str, revealed: &str, lang: Lang) -> String {
    let class = words::of(lang, "data_class", class);
    if revealed.is_empty() {
        return class;
    }
    let approval = crate::visible::line(revealed);
    words::fill(
        lang,
        "data_class.revealed",
        &[("class", &class), ("approval", &approval)],
    )
}

/// A line of the log by its number.
pub(crate) fn log_line<'a>(doc: &'a ResultDocument, id: &str) -> Option<&'a LogLine> {
    doc.log.iter().find(|line| line.id == id)
}

/// The word that opens a finding: `verdict.fail`, `level.warning` …
pub(crate) fn headline_key(finding: &Finding) -> String {
    match finding.level {
        Level::Error => format!("verdict.{}", finding.effect.as_str()),
        level => format!("level.{}", level.as_str()),
    }
}

/// How soon a reader should see a finding; 0 comes first.
pub(crate) fn rank(finding: &Finding) -> usize {
    match (finding.level, finding.effect) {
        (Level::Error, effect) => Verdict::ALL
            .iter()
            .position(|v| *v == effect)
            .unwrap_or(Verdict::ALL.len()),
        (Level::Warning, _) => Verdict::ALL.len() + 1,
        (Level::Notice, _) => Verdict::ALL.len() + 2,
        (Level::Off, _) => Verdict::ALL.len() + 3,
    }
}

/// Findings, the most severe first; within one severity in the order of the document, which is that of the cases.
pub(crate) fn ordered(doc: &ResultDocument) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = doc
        .findings
        .iter()
        .filter(|f| f.level != Level::Off)
        .collect();
    findings.sort_by_key(|finding| rank(finding));
    findings
}

/// Number of findings of level error by cause, in the order of the vocabulary.
pub(crate) fn causes(doc: &ResultDocument) -> BTreeMap<CauseKind, u64> {
    let mut counts = BTreeMap::new();
    for finding in doc.findings.iter().filter(|f| f.level == Level::Error) {
        *counts.entry(finding.cause.kind).or_insert(0) += 1;
    }
    counts
}

/// Number of findings that make a case fail.
pub(crate) fn failures(doc: &ResultDocument) -> usize {
    doc.findings
        .iter()
        .filter(|f| f.level == Level::Error && f.effect == Verdict::Fail)
        .count()
}

/// Number of cases with a verdict. The document states it; a missing key is none.
pub(crate) fn count(doc: &ResultDocument, verdict: Verdict) -> u64 {
    doc.counts.get(verdict.as_str()).copied().unwrap_or(0)
}

/// Why a case is not a plain pass or fail: its own reason, or the reason for not running.
pub(crate) fn reason(case: &CaseResult, lang: Lang) -> String {
    let own = case.reason.get(lang);
    if !own.is_empty() {
        return visible::line(own);
    }
    let (key, detail) = match &case.not_run {
        None => return String::new(),
        Some(NotRunReason::BlockedBy(detail)) => ("not_run.blocked_by", detail.as_str()),
        Some(NotRunReason::NoPeer) => ("not_run.no_peer", ""),
        Some(NotRunReason::OutOfTime(detail)) => ("not_run.out_of_time", detail.as_str()),
        Some(NotRunReason::Cancelled) => ("not_run.cancelled", ""),
        Some(NotRunReason::OperatorChoice(detail)) => ("not_run.operator_choice", detail.as_str()),
    };
    words::fill(lang, key, &[("detail", &visible::line(detail))])
}

/// The command that repeats what showed a finding: its case's, or the run's.
pub(crate) fn reproduce(doc: &ResultDocument, finding: &Finding) -> String {
    let own = case_of(doc, finding)
        .map(|case| case.reproduce.as_str())
        .unwrap_or_default();
    visible::line(if own.is_empty() {
        &doc.run.reproduce
    } else {
        own
    })
}

/// A place in words, part by part, from the whole to the byte. The file's name, where there is one, is the first part.
///
/// Columns are 1-based bytes of the record, as layout tables count them; offsets are 0-based bytes of the file, as hex
/// viewers count them.
pub(crate) fn place(at: &Location, lang: Lang) -> Vec<String> {
    let mut parts: Vec<String> = at.file.iter().map(|file| visible::line(file)).collect();
    let fill = |key: &str, args: &[(&str, &str)]| words::fill(lang, key, args);
    match at.record {
        Some(0) => parts.push(words::get(lang, "place.header_row")),
        Some(n) => parts.push(fill("place.record", &[("n", &n.to_string())])),
        None => {}
    }
    if let Some(line) = at.line.filter(|line| Some(*line) != at.record) {
        parts.push(fill("place.line", &[("n", &line.to_string())]));
    }
    if let Some(name) = &at.field {
        parts.push(fill("place.field", &[("name", &visible::line(name))]));
    }
    if let Some(no) = at.field_no {
        parts.push(fill("place.field_no", &[("n", &no.to_string())]));
    }
    bytes_of(at, lang, &mut parts);
    match at.pointer.as_deref() {
        Some("") => parts.push(words::get(lang, "place.body")),
        Some(pointer) => parts.push(match pointer.strip_prefix("header:") {
            Some(name) => fill("place.header", &[("name", &visible::line(name))]),
            None => fill("place.pointer", &[("pointer", &visible::line(pointer))]),
        }),
        None => {}
    }
    if let Some(xpath) = &at.xpath {
        parts.push(fill("place.xpath", &[("xpath", &visible::line(xpath))]));
    }
    if let Some(item) = &at.item {
        parts.push(fill("place.item", &[("item", &visible::line(item))]));
    }
    parts.extend(at.log.iter().map(|log| visible::line(log)));
    if parts.is_empty() {
        parts.push(words::get(lang, "place.nowhere"));
    }
    parts
}

/// A place in one line for an overview: file, record, field, or what stands for them.
pub(crate) fn place_in_brief(at: &Location, lang: Lang) -> Vec<String> {
    place(
        &Location {
            line: None,
            field_no: None,
            byte_offset: None,
            record_offset: None,
            ..at.clone()
        },
        lang,
    )
}

fn bytes_of(at: &Location, lang: Lang, parts: &mut Vec<String>) {
    if let Some(start) = at.record_offset {
        let from = start.saturating_add(1);
        let to = start.saturating_add(at.byte_length.unwrap_or(1).max(1));
        let key = if to > from {
            "place.columns"
        } else {
            "place.column"
        };
        parts.push(words::fill(
            lang,
            key,
            &[("from", &from.to_string()), ("to", &to.to_string())],
        ));
    }
    if let Some(offset) = at.byte_offset {
        let hex = format!("{offset:X}");
        parts.push(words::fill(
            lang,
            "place.offset",
            &[("n", &offset.to_string()), ("hex", &hex)],
        ));
    }
}

/// Where something is missing: the 1-based column in the record of the byte before which it should stand. Only where the
/// ruler marks no byte and the place lies within it.
pub(crate) fn gap(ruler: &Ruler, place: Option<u64>) -> Option<u64> {
    let bytes = ruler
        .cells
        .iter()
        .map(|cell| cell.hex.split_whitespace().count() as u64)
        .sum::<u64>();
    let within = ruler.record_offset..ruler.record_offset.saturating_add(bytes);
    let missing = ruler.cells.iter().all(|cell| !cell.marked);
    place
        .filter(|at| missing && within.contains(at))
        .map(|at| at.saturating_add(1))
}

/// A number with its thousands separated: `312,000`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_from_the_whole_to_the_byte() {
        let at = Location {
            file: Some("a.csv".into()),
            record: Some(3),
            line: Some(3),
            field: Some("shimei".into()),
            field_no: Some(3),
            byte_offset: Some(1_000),
            byte_length: Some(2),
            record_offset: Some(21),
            ..Location::default()
        };
        let words = [
            "a.csv",
            "レコード 3",
            "項目 shimei",
            "項番 3",
            "桁 22-23",
            "オフセット 1000 (0x3E8)",
        ];
        assert_eq!(place(&at, Lang::Ja), words);
        assert_eq!(place(&Location::default(), Lang::En), ["the whole run"]);
        let header = Location {
            pointer: Some("header:content-type".into()),
            ..Location::default()
        };
        assert_eq!(place(&header, Lang::En), ["header content-type"]);
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(
            [0, 999, 1_000, 312_000, 1_234_567].map(number),
            ["0", "999", "1,000", "312,000", "1,234,567"]
        );
    }
}
