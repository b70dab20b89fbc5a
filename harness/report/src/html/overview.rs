//! What a reader sees first: the verdict's counts, who has to act, and one line per error.

use renkei_core::model::{Finding, Lang, Level, Verdict};
use renkei_core::record::ResultDocument;
use serde::Serialize;

use super::card;
use super::parts::{self, Chip, anchor};
use crate::{view, words};

#[derive(Debug, Serialize)]
pub(super) struct Side {
    name: String,
    count: String,
    target: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Tile {
    chip: Chip,
    count: String,
}

/// Lines of the overview; the rest is only counted there and stands in the details.
const MAX_LINES: usize = 50;

/// One line that answers what, where, whose side, how to fix.
#[derive(Debug, Serialize)]
pub(super) struct Glance {
    chip: Chip,
    rule: String,
    target: String,
    message: String,
    case: String,
    file: String,
    place: String,
    more_places: String,
    side: String,
    confidence: String,
    fix: String,
}

/// One line per rule and side over the errors, the most severe first, and how many lines did not fit.
pub(super) fn overview(
    doc: &ResultDocument,
    shown: &[&Finding],
    lang: Lang,
) -> (Vec<Glance>, String) {
    let mut lines: Vec<(&Finding, String, u64)> = Vec::new();
    for finding in shown.iter().copied().filter(|f| f.level == Level::Error) {
        let side = view::side(doc, finding, lang);
        let same = |(first, of, _): &&mut (&Finding, String, u64)| {
            first.rule == finding.rule && first.effect == finding.effect && *of == side
        };
        match lines.iter_mut().find(same) {
            Some((.., places)) => *places = places.saturating_add(finding.count),
            None => lines.push((finding, side, finding.count)),
        }
    }
    let more = match lines.len().saturating_sub(MAX_LINES) {
        0 => String::new(),
        more => words::fill(
            lang,
            "html.overview_more",
            &[("n", &view::number(more as u64))],
        ),
    };
    let glances = lines
        .into_iter()
        .take(MAX_LINES)
        .map(|(finding, side, places)| glance(finding, side, places, lang));
    (glances.collect(), more)
}

fn glance(finding: &Finding, side: String, places: u64, lang: Lang) -> Glance {
    let mut place = view::place_in_brief(&finding.location, lang);
    let file = if finding.location.file.is_some() {
        place.remove(0)
    } else {
        String::new()
    };
    Glance {
        chip: parts::finding(finding, lang),
        rule: finding.rule.clone(),
        target: anchor(&finding.id),
        message: finding.message.get(lang).to_owned(),
        case: finding.case.clone(),
        file,
        place: place.join("  "),
        more_places: card::more_places(places, lang),
        side,
        confidence: words::of(lang, "confidence", finding.cause.confidence.as_str()),
        fix: finding.fix.get(lang).to_owned(),
    }
}

/// Who has to act: errors by side, the side with most of them first.
pub(super) fn sides(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<Side> {
    let mut counted: Vec<(String, u64, String)> = Vec::new();
    for finding in shown.iter().filter(|f| f.level == Level::Error) {
        let name = view::side(doc, finding, lang);
        match counted.iter_mut().find(|(n, ..)| *n == name) {
            Some((_, count, _)) => *count += 1,
            None => counted.push((name, 1, anchor(&finding.id))),
        }
    }
    counted.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    counted
        .into_iter()
        .map(|(name, count, target)| Side {
            name,
            count: view::number(count),
            target,
        })
        .collect()
}

/// Number of cases by verdict; verdicts without cases are left out.
pub(super) fn tiles(doc: &ResultDocument, lang: Lang) -> Vec<Tile> {
    [Verdict::Pass]
        .into_iter()
        .chain(Verdict::ALL.into_iter().filter(|v| *v != Verdict::Pass))
        .filter(|verdict| view::count(doc, *verdict) > 0)
        .map(|v| Tile {
            chip: parts::verdict(v, lang),
            count: view::number(view::count(doc, v)),
        })
        .collect()
}
