//! Everything the page shows, in words.

use renkei_core::model::Lang;
use renkei_core::record::ResultDocument;
use serde::Serialize;

use super::ambiguities::{self, Ambiguity};
use super::groups::{self, Filter, Group};
use super::log::{self, LogGroup};
use super::overview::{self, Glance, Side, Tile};
use super::parts::{self, Chip, Link};
use super::provenance::{self, InputRow, Pack, PartyRow};
use super::related::Related;
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
    #[serde(skip)]
    pub(super) filter_style: String,
    overview: Vec<Glance>,
    overview_more: String,
    groups: Vec<Group>,
    more: String,
    cases: Vec<CaseRow>,
    agreements: Vec<AgreementTable>,
    ambiguities: Vec<Ambiguity>,
    preflight: Vec<CheckRow>,
    rules: Vec<RuleRow>,
    log: Vec<LogGroup>,
    packs: Vec<Pack>,
    parties: Vec<PartyRow>,
    inputs: Vec<InputRow>,
    reproduce: String,
}

/// The page of a document.
pub(super) fn page(doc: &ResultDocument, lang: Lang, options: &Options) -> Page {
    let all = view::ordered(doc);
    let (shown, rest) = all.split_at(options.max_inline_findings.min(all.len()));
    let related = Related::of(doc, shown);
    let mut groups = groups::groups(doc, shown, &related, lang);
    let filters = groups::filters(&mut groups, lang);
    let code = doc.exit_code.to_string();
    let meaning = words::of(lang, "exit", &code);
    let failures = view::number(view::failures(doc) as u64);
    let banner = format!("banner.{}", doc.verdict.as_str());
    let places = all
        .iter()
        .fold(0u64, |sum, finding| sum.saturating_add(finding.count));
    let (overview, overview_more) = overview::overview(doc, shown, lang);
    let mut page = Page {
        title: doc.run.title.get(lang).to_owned(),
        run: doc.run.id.clone(),
        tool: format!("{} {}", doc.tool.name, doc.tool.version),
        data_class: crate::view::data_class(doc, lang),
        started: moment::minute(&doc.run.started_at, options),
        zone: moment::zone(options),
        seconds: moment::seconds_between(&doc.run.started_at, &doc.run.finished_at),
        verdict: parts::verdict(doc.verdict, lang),
        sentence: words::fill(lang, &banner, &[("n", &failures)]),
        exit: words::fill(lang, "html.exit", &[("code", &code), ("meaning", &meaning)]),
        sides: overview::sides(doc, shown, lang),
        tiles: overview::tiles(doc, lang),
        remarks: doc
            .remarks
            .iter()
            .map(|remark| remark.get(lang).to_owned())
            .collect(),
        contents: Vec::new(),
        kinds: view::number(all.len() as u64),
        places: view::number(places),
        filter_style: groups::filter_style(&filters),
        filters,
        overview,
        overview_more,
        groups,
        more: more(rest.len(), shown.len(), lang),
        cases: tables::cases(doc, shown, lang),
        agreements: tables::agreements(doc, &related, lang),
        ambiguities: ambiguities::rows(doc, shown, lang),
        preflight: tables::preflight(doc, lang),
        rules: tables::rules(doc, shown, lang),
        log: log::groups(doc, &related, lang, options),
        packs: provenance::packs(doc, lang),
        parties: provenance::parties(doc, lang),
        inputs: provenance::inputs(doc),
        reproduce: doc.run.reproduce.clone(),
    };
    page.contents = contents(&page, lang);
    page
}

fn more(rest: usize, shown: usize, lang: Lang) -> String {
    if rest == 0 {
        return String::new();
    }
    let (rest, shown) = (view::number(rest as u64), view::number(shown as u64));
    words::fill(
        lang,
        "html.more_findings",
        &[("n", &rest), ("shown", &shown)],
    )
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
    held.map(|(target, key, _)| Link {
        target: target.into(),
        text: words::get(lang, key),
    })
    .collect()
}
