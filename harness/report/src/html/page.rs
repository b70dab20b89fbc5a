//! Everything the page shows, in words.

use renkei_core::model::{Finding, Lang, Level, Verdict};
use renkei_core::record::ResultDocument;
use serde::Serialize;

use super::card::{self, Card};
use super::log::{self, LogGroup};
use super::parts::{self, Chip, Link, anchor, case_anchor, direction};
use super::tables::{self, AgreementTable, CaseRow, CheckRow, RuleRow};
use crate::{Options, moment, view, words};

#[derive(Debug, Serialize)]
pub(super) struct Page {
    title: String,
    run: String,
    tool: String,
    data_class: String,
    started: String,
    zone: String,
    seconds: String,
    verdict: Chip,
    sentence: String,
    exit: String,
    sides: Vec<Side>,
    tiles: Vec<Tile>,
    remarks: Vec<String>,
    contents: Vec<Link>,
    kinds: String,
    places: String,
    filters: Vec<Filter>,
    overview: Vec<Glance>,
    overview_more: String,
    groups: Vec<Group>,
    more: String,
    cases: Vec<CaseRow>,
    agreements: Vec<AgreementTable>,
    preflight: Vec<CheckRow>,
    rules: Vec<RuleRow>,
    log: Vec<LogGroup>,
    packs: Vec<Pack>,
    parties: Vec<PartyRow>,
    inputs: Vec<InputRow>,
    reproduce: String,
}

#[derive(Debug, Serialize)]
struct Side {
    name: String,
    count: String,
    target: String,
}

#[derive(Debug, Serialize)]
struct Tile {
    chip: Chip,
    count: String,
}

/// Errors in the overview; the rest is only counted there and stands in the details.
const MAX_OVERVIEW: usize = 30;

/// One line that answers what, where, whose side, how to fix.
#[derive(Debug, Serialize)]
struct Glance {
    chip: Chip,
    rule: String,
    target: String,
    message: String,
    file: String,
    place: String,
    more_places: String,
    side: String,
    confidence: String,
    fix: String,
}

/// A choice of the filter.
#[derive(Debug, Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    options: Vec<Choice>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Choice {
    value: String,
    text: String,
}

/// Findings of one case, or of the declarations.
#[derive(Debug, Serialize)]
struct Group {
    verdict: Option<Chip>,
    title: String,
    about: String,
    reason: String,
    target: String,
    cards: Vec<Card>,
}

#[derive(Debug, Serialize)]
struct Pack {
    id: String,
    version: String,
    fidelity: String,
    source: String,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct PartyRow {
    id: String,
    name: String,
    role: String,
    product: String,
    version: String,
    stand_in: bool,
}

#[derive(Debug, Serialize)]
struct InputRow {
    name: String,
    case: String,
    bytes: String,
    records: String,
    sha256: String,
}

/// The page of a document.
pub(super) fn page(doc: &ResultDocument, lang: Lang, options: &Options) -> Page {
    let all = view::ordered(doc);
    let (shown, rest) = all.split_at(options.max_inline_findings.min(all.len()));
    let groups = groups(doc, shown, lang);
    let code = doc.exit_code.to_string();
    let meaning = words::of(lang, "exit", &code);
    let failures = view::number(view::failures(doc) as u64);
    let banner = format!("banner.{}", doc.verdict.as_str());
    let places = all.iter().fold(0u64, |sum, finding| sum.saturating_add(finding.count));
    let errors: Vec<&Finding> = shown.iter().copied().filter(|f| f.level == Level::Error).collect();
    let mut page = Page {
        title: doc.run.title.get(lang).to_owned(),
        run: doc.run.id.clone(),
        tool: format!("{} {}", doc.tool.name, doc.tool.version),
        data_class: words::of(lang, "data_class", &doc.run.data_class),
        started: moment::minute(&doc.run.started_at, options),
        zone: moment::zone(options),
        seconds: moment::seconds_between(&doc.run.started_at, &doc.run.finished_at),
        verdict: parts::verdict(doc.verdict, lang),
        sentence: words::fill(lang, &banner, &[("n", &failures)]),
        exit: words::fill(lang, "html.exit", &[("code", &code), ("meaning", &meaning)]),
        sides: sides(doc, shown, lang),
        tiles: tiles(doc, lang),
        remarks: doc.remarks.iter().map(|remark| remark.get(lang).to_owned()).collect(),
        contents: Vec::new(),
        kinds: view::number(all.len() as u64),
        places: view::number(places),
        filters: filters(&groups, lang),
        overview: errors.iter().take(MAX_OVERVIEW).map(|finding| glance(doc, finding, lang)).collect(),
        overview_more: overview_more(errors.len(), lang),
        groups,
        more: more(rest.len(), shown.len(), lang),
        cases: tables::cases(doc, shown, lang),
        agreements: tables::agreements(doc, shown, lang),
        preflight: tables::preflight(doc, lang),
        rules: tables::rules(doc, shown, lang),
        log: log::groups(doc, shown, lang, options),
        packs: packs(doc, lang),
        parties: parties(doc, lang),
        inputs: inputs(doc),
        reproduce: doc.run.reproduce.clone(),
    };
    page.contents = contents(&page, lang);
    page
}

fn glance(doc: &ResultDocument, finding: &Finding, lang: Lang) -> Glance {
    let mut place = view::place_in_brief(&finding.location, lang);
    let file = if finding.location.file.is_some() { place.remove(0) } else { String::new() };
    Glance {
        chip: parts::finding(finding, lang),
        rule: finding.rule.clone(),
        target: anchor(&finding.id),
        message: finding.message.get(lang).to_owned(),
        file,
        place: place.join("  "),
        more_places: card::more_places(finding, lang),
        side: view::side(doc, finding, lang),
        confidence: words::of(lang, "confidence", finding.cause.confidence.as_str()),
        fix: finding.fix.get(lang).to_owned(),
    }
}

fn overview_more(errors: usize, lang: Lang) -> String {
    match errors.saturating_sub(MAX_OVERVIEW) {
        0 => String::new(),
        more => words::fill(lang, "html.overview_more", &[("n", &view::number(more as u64))]),
    }
}

fn more(rest: usize, shown: usize, lang: Lang) -> String {
    if rest == 0 {
        return String::new();
    }
    let (rest, shown) = (view::number(rest as u64), view::number(shown as u64));
    words::fill(lang, "html.more_findings", &[("n", &rest), ("shown", &shown)])
}

/// Sections that the page has, in order.
fn contents(page: &Page, lang: Lang) -> Vec<Link> {
    let sections = [
        ("first", "html.first", true),
        ("findings", "html.details", !page.groups.is_empty()),
        ("cases", "html.cases", !page.cases.is_empty()),
        ("agreement", "html.agreement", !page.agreements.is_empty()),
        ("preflight", "html.preflight", !page.preflight.is_empty()),
        ("rules", "html.rules", !page.rules.is_empty()),
        ("log", "html.log", !page.log.is_empty()),
        ("provenance", "html.provenance", true),
    ];
    let held = sections.into_iter().filter(|(.., held)| *held);
    held.map(|(target, key, _)| Link { target: target.into(), text: words::get(lang, key) }).collect()
}

/// Who has to act: errors by side, the side with most of them first.
fn sides(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<Side> {
    let mut counted: Vec<(String, u64, String)> = Vec::new();
    for finding in shown.iter().filter(|f| f.level == Level::Error) {
        let name = view::side(doc, finding, lang);
        match counted.iter_mut().find(|(n, ..)| *n == name) {
            Some((_, count, _)) => *count += 1,
            None => counted.push((name, 1, anchor(&finding.id))),
        }
    }
    counted.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(name, count, target)| Side { name, count: view::number(count), target }).collect()
}

/// Number of cases by verdict; verdicts without cases are left out.
fn tiles(doc: &ResultDocument, lang: Lang) -> Vec<Tile> {
    [Verdict::Pass]
        .into_iter()
        .chain(Verdict::ALL.into_iter().filter(|v| *v != Verdict::Pass))
        .filter(|verdict| view::count(doc, *verdict) > 0)
        .map(|v| Tile { chip: parts::verdict(v, lang), count: view::number(view::count(doc, v)) })
        .collect()
}

/// Findings by case; groups in the order of their most severe finding.
fn groups(doc: &ResultDocument, shown: &[&Finding], lang: Lang) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for finding in shown {
        let card = card::card(doc, finding, lang);
        match groups.iter_mut().find(|(case, _)| *case == finding.case) {
            Some((_, group)) => group.cards.push(card),
            None => groups.push((&finding.case, Group { cards: vec![card], ..group(doc, finding, lang) })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn group(doc: &ResultDocument, finding: &Finding, lang: Lang) -> Group {
    let Some(case) = view::case_of(doc, finding) else {
        return Group {
            verdict: None,
            title: if finding.case.is_empty() { words::get(lang, "html.declarations") } else { finding.case.clone() },
            about: words::get(lang, "html.declarations_about"),
            reason: String::new(),
            target: String::new(),
            cards: Vec::new(),
        };
    };
    let method = words::of(lang, "method", &case.method);
    let between = direction(&view::party_name(doc, &case.from, lang), &view::party_name(doc, &case.to, lang));
    Group {
        verdict: Some(parts::verdict(case.verdict, lang)),
        title: format!("{} {}", case.id, case.title.get(lang)),
        about: format!("{}  {method}  {between}", case.linkage),
        reason: view::reason(case, lang),
        target: case_anchor(&case.id),
        cards: Vec::new(),
    }
}

/// What the filter offers: the values that occur, in the order of the page.
fn filters(groups: &[Group], lang: Lang) -> Vec<Filter> {
    let cards: Vec<&Card> = groups.iter().flat_map(|group| &group.cards).collect();
    let offered = |choice: &dyn Fn(&Card) -> Choice| {
        let mut options: Vec<Choice> = Vec::new();
        for option in cards.iter().map(|card| choice(card)).filter(|option| !option.value.is_empty()) {
            if !options.iter().any(|known| known.value == option.value) {
                options.push(option);
            }
        }
        options
    };
    let filter = |name, key: &str, options| Filter { name, label: words::get(lang, key), options };
    vec![
        filter(
            "verdict",
            "html.filter_verdict",
            offered(&|card| Choice { value: card.chip.tone.clone(), text: card.chip.word.clone() }),
        ),
        filter(
            "side",
            "html.filter_side",
            offered(&|card| Choice { value: card.side_key.into(), text: words::of(lang, "cause", card.side_key) }),
        ),
        filter(
            "case",
            "html.filter_case",
            offered(&|card| Choice { value: card.case.clone(), text: card.case.clone() }),
        ),
        filter(
            "rule",
            "html.filter_rule",
            offered(&|card| Choice { value: card.rule.clone(), text: card.rule.clone() }),
        ),
    ]
}

fn packs(doc: &ResultDocument, lang: Lang) -> Vec<Pack> {
    let pack = |pack: &renkei_core::record::PackStamp| Pack {
        id: pack.id.clone(),
        version: pack.version.clone(),
        fidelity: words::of(lang, "fidelity", &pack.fidelity),
        source: pack.source.clone(),
        sha256: pack.sha256.clone(),
    };
    doc.packs.iter().map(pack).collect()
}

fn parties(doc: &ResultDocument, lang: Lang) -> Vec<PartyRow> {
    let party = |party: &renkei_core::record::Party| PartyRow {
        id: party.id.clone(),
        name: view::party_name(doc, &party.id, lang),
        role: words::of(lang, "role", &party.role),
        product: party.product.clone(),
        version: party.version.clone(),
        stand_in: party.stand_in,
    };
    doc.parties.iter().map(party).collect()
}

fn inputs(doc: &ResultDocument) -> Vec<InputRow> {
    let input = |input: &renkei_core::record::Input| InputRow {
        name: input.name.clone(),
        case: input.case.clone(),
        bytes: view::number(input.bytes),
        records: input.records.map(view::number).unwrap_or_default(),
        sha256: input.sha256.clone(),
    };
    doc.inputs.iter().map(input).collect()
}
