//! A finding as a card: what, where, whose side, how to fix, and the evidence behind it.

use renkei_core::model::{Finding, Lang};
use renkei_core::record::{AgreementRow, ResultDocument};
use serde::Serialize;

use super::parts::{self, Chip, Link, anchor};
use super::related::Related;
use super::ruler::{self, RulerView};
use crate::{view, words};

/// What the card's template shows.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) anchor: String,
    pub(super) chip: Chip,
    pub(super) rule: String,
    pub(super) case: String,
    message: String,
    file: String,
    place: Vec<String>,
    /// The first byte of the place, where the ruler shows it.
    byte: Option<Link>,
    /// Classes of the filter's choices that it has.
    pub(super) choices: String,
    more_places: String,
    pub(super) side: String,
    pub(super) side_key: &'static str,
    confidence: String,
    proof: String,
    fix: String,
    expected: String,
    observed: String,
    /// What the closed evidence holds.
    evidence: String,
    ruler: Option<RulerView>,
    hex: String,
    sources: Vec<Source>,
    samples_title: String,
    samples: Vec<String>,
    explains: Vec<String>,
    reproduce: String,
    requirements: String,
    log: Option<Link>,
    fingerprint: String,
    /// What the baseline says of it; empty without one.
    baseline: String,
}

/// One row of expected and observed by source.
#[derive(Debug, Serialize)]
struct Source {
    name: String,
    value: String,
    origin: String,
}

/// The card of a finding.
pub(super) fn card(
    doc: &ResultDocument,
    finding: &Finding,
    related: &Related<'_>,
    lang: Lang,
) -> Card {
    let anchor = anchor(&finding.id);
    let mut place = view::place(&finding.location, lang);
    let file = if finding.location.file.is_some() {
        place.remove(0)
    } else {
        String::new()
    };
    let ruler = finding
        .ruler
        .as_ref()
        .and_then(|r| ruler::ruler(r, &anchor, finding.location.record_offset, lang));
    let (samples_title, samples) = samples(finding, lang);
    let evidence = if samples.len() > 1 {
        words::fill(
            lang,
            "html.evidence_places",
            &[("n", &view::number(samples.len() as u64))],
        )
    } else {
        String::new()
    };
    Card {
        id: finding.id.clone(),
        chip: parts::finding(finding, lang),
        rule: finding.rule.clone(),
        case: finding.case.clone(),
        message: finding.message.get(lang).to_owned(),
        file,
        place,
        byte: byte(finding, &anchor, lang),
        choices: String::new(),
        more_places: more_places(finding.count, lang),
        side: view::side(doc, finding, lang),
        side_key: finding.cause.kind.as_str(),
        confidence: words::of(lang, "confidence", finding.cause.confidence.as_str()),
        proof: finding.cause.proof.get(lang).to_owned(),
        fix: finding.fix.get(lang).to_owned(),
        expected: finding.expected.clone(),
        observed: finding.observed.clone(),
        evidence,
        hex: if ruler.is_some() {
            String::new()
        } else {
            finding.hex.clone()
        },
        ruler,
        sources: sources(doc, finding, related, lang),
        samples_title,
        samples,
        explains: finding
            .explains
            .iter()
            .map(|text| text.get(lang).to_owned())
            .collect(),
        reproduce: view::reproduce(doc, finding),
        requirements: finding.requirements.join("  "),
        log: related.exchange_of(finding).map(|line| Link::to(&line.id)),
        fingerprint: finding.fingerprint.clone(),
        baseline: finding
            .baseline
            .map(|state| words::of(lang, "baseline", state.as_str()))
            .unwrap_or_default(),
        anchor,
    }
}

/// A link to the first byte of the place, which the ruler has to show.
fn byte(finding: &Finding, anchor: &str, lang: Lang) -> Option<Link> {
    let ruler = finding.ruler.as_ref()?;
    let at = finding.location.record_offset?;
    let length = ruler.cells.iter().flat_map(|c| c.hex.split_whitespace());
    let end = ruler.record_offset.checked_add(length.count() as u64)?;
    if !(ruler.record_offset..end).contains(&at) {
        return None;
    }
    let column = at.checked_add(1)?.to_string();
    Some(Link {
        target: format!("{anchor}-byte-{column}"),
        text: words::fill(lang, "html.to_byte", &[("n", &column)]),
    })
}

/// `ほかに 3 か所`; nothing for the only place.
pub(super) fn more_places(places: u64, lang: Lang) -> String {
    match places.saturating_sub(1) {
        0 => String::new(),
        more => words::fill(lang, "html.more_places", &[("n", &view::number(more))]),
    }
}

/// All places that the document lists, unless the first is the only one.
fn samples(finding: &Finding, lang: Lang) -> (String, Vec<String>) {
    if finding.count <= 1 || finding.samples.is_empty() {
        return (String::new(), Vec::new());
    }
    let shown = view::number(finding.samples.len() as u64);
    let all = view::number(finding.count);
    let key = if finding.count > finding.samples.len() as u64 {
        "html.places_first"
    } else {
        "html.places"
    };
    let title = words::fill(lang, key, &[("n", &all), ("shown", &shown)]);
    (
        title,
        finding
            .samples
            .iter()
            .map(|at| view::place(at, lang).join("  "))
            .collect(),
    )
}

/// Standard, both declarations, agreement and observation, when exactly one item of the agreement decides the matter.
fn sources(
    doc: &ResultDocument,
    finding: &Finding,
    related: &Related<'_>,
    lang: Lang,
) -> Vec<Source> {
    let Some(row) = related.row_of(finding) else {
        return Vec::new();
    };
    let (a, b) = pair(doc, row, lang);
    let item = words::fill(lang, "place.item", &[("item", &row.id)]);
    let declared = |name: &str| words::fill(lang, "html.declared_by", &[("name", name)]);
    let origin = |at: usize| row.sources.get(at).cloned().unwrap_or_default();
    let nothing = |value: &str| {
        if value.is_empty() {
            words::get(lang, "html.nothing")
        } else {
            value.to_owned()
        }
    };
    vec![
        Source {
            name: words::get(lang, "html.standard"),
            value: nothing(&row.standard),
            origin: String::new(),
        },
        Source {
            name: declared(&a),
            value: nothing(&row.a),
            origin: origin(0),
        },
        Source {
            name: declared(&b),
            value: nothing(&row.b),
            origin: origin(1),
        },
        Source {
            name: words::get(lang, "html.agreed"),
            value: nothing(&row.agreed),
            origin: format!("{item} {} ({})", row.title.get(lang), row.basis.get(lang)),
        },
        Source {
            name: words::get(lang, "html.rule_expects"),
            value: nothing(&finding.expected),
            origin: finding.rule.clone(),
        },
        Source {
            name: words::get(lang, "html.observed"),
            value: nothing(&finding.observed),
            origin: view::place(&finding.location, lang).join("  "),
        },
    ]
}

/// Names of the two sides of a row's pair `a..b`.
pub(super) fn pair(doc: &ResultDocument, row: &AgreementRow, lang: Lang) -> (String, String) {
    let (a, b) = row.pair.split_once("..").unwrap_or((&row.pair, ""));
    (
        view::party_name(doc, a, lang),
        view::party_name(doc, b, lang),
    )
}
