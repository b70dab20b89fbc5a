//! How far each vendor is: all of them side by side, and a page for each with its pairs, its issues and what is proposed
//! to be on its side. A stand-in is a row of its own, marked as one: what it did is no vendor's result.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::model::{Lang, Verdict};
use renkei_core::record::{CaseResult, ResultDocument};

use super::super::Run;
use super::super::issues::Issues;
use super::super::layout::{Cell, Page, Row, Table};
use super::pairs_page::{pair_files, row_id};
use super::{heads, latest, page, verdict_cell};
use crate::pairs::{Latest, Pairs, name};
use crate::{Options, moment, view, words};

/// What the latest runs say of one vendor.
#[derive(Default)]
struct Progress {
    pairs: BTreeSet<String>,
    ids: BTreeSet<String>,
    sends: bool,
    receives: bool,
    planned: u64,
    ran: u64,
    passed: u64,
    failed: u64,
    last: String,
}

impl Progress {
    fn add(&mut self, doc: &ResultDocument, case: &CaseResult, pair: &str, id: &str) {
        self.pairs.insert(pair.to_owned());
        self.ids.insert(id.to_owned());
        self.sends |= case.from == id;
        self.receives |= case.to == id;
        self.planned += u64::from(case.verdict != Verdict::NotApplicable);
        self.ran += u64::from(!matches!(
            case.verdict,
            Verdict::NotRun | Verdict::NotApplicable
        ));
        self.passed += u64::from(case.verdict == Verdict::Pass);
        self.failed += u64::from(case.verdict == Verdict::Fail);
        if doc.run.started_at > self.last {
            self.last.clone_from(&doc.run.started_at);
        }
    }

    /// Key of the word for how far the work is.
    fn state(&self) -> &'static str {
        match (self.planned, self.ran) {
            (0, _) | (_, 0) => "work_not_begun",
            (planned, _) if self.passed == planned => "work_done",
            _ => "work_going_on",
        }
    }

    fn role(&self, lang: Lang) -> String {
        let roles = [("sends", self.sends), ("receives", self.receives)];
        let held = roles.into_iter().filter(|(_, held)| *held);
        let words: Vec<String> = held.map(|(key, _)| words::of(lang, "site", key)).collect();
        words.join(" / ")
    }
}

/// By name, as the latest runs have it.
fn progress(pairs: &Pairs<'_>, lang: Lang) -> BTreeMap<String, Progress> {
    let mut found: BTreeMap<String, Progress> = BTreeMap::new();
    for ((pair, _), latest) in pairs {
        for case in &latest.cases {
            let ends = BTreeSet::from([case.from.as_str(), case.to.as_str()]);
            for id in ends
                .into_iter()
                .filter(|id| view::party(latest.doc, id).is_some())
            {
                let of = found.entry(name(latest.doc, id, lang)).or_default();
                of.add(latest.doc, case, pair, id);
            }
        }
    }
    found
}

fn file(at: usize) -> String {
    format!("vendors/vendor-{:03}.html", at + 1)
}

/// All vendors side by side.
pub(super) fn vendors(
    runs: &[Run<'_>],
    issues: &Issues<'_>,
    lang: Lang,
    options: &Options,
) -> Table {
    let found = progress(&latest(runs, lang), lang);
    let rows = found.iter().enumerate().map(|(at, (name, of))| {
        let (open, late) = of
            .ids
            .iter()
            .map(|id| issues.open_of(id))
            .fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1));
        Row::of(vec![
            Cell::link(file(at), name.as_str()),
            Cell {
                keep: true,
                ..of.role(lang).into()
            },
            Cell::number(of.pairs.len() as u64),
            Cell::number(of.planned),
            Cell::number(of.ran),
            Cell::number(of.passed),
            Cell::number(of.failed),
            Cell::number(open),
            Cell::number(late),
            moment::minute(&of.last, options).into(),
            words::of(lang, "site", of.state()).into(),
        ])
    });
    let columns = [
        "vendor",
        "role",
        "pair_count",
        "planned",
        "ran",
        "passed",
        "failed",
        "open_issues",
        "overdue_count",
        "last_run",
        "work_state",
    ];
    Table {
        id: "progress",
        title: words::get(lang, "site.progress"),
        note: words::get(lang, "site.vendors_note"),
        columns: heads(&columns, lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// A page for each vendor.
pub(super) fn vendor_pages(
    runs: &[Run<'_>],
    issues: &Issues<'_>,
    lang: Lang,
    options: &Options,
) -> Vec<Page> {
    let pairs = latest(runs, lang);
    let files = pair_files(&pairs);
    let found = progress(&pairs, lang);
    let made = found.iter().enumerate().map(|(at, (name, of))| {
        let path = file(at);
        let tables = vec![
            of_pairs(&pairs, &files, of, (lang, options)),
            on_its_side(&pairs, of, lang),
            issues.of_parties(&of.ids),
            over_time(runs, name, lang, options),
        ];
        let mut made = page(path.trim_end_matches(".html"), tables, runs, lang);
        made.title = words::fill(lang, "site.vendor_title", &[("name", name)]);
        let state = words::of(lang, "site", of.state());
        made.notes = vec![format!("{}  {state}", of.role(lang))];
        made
    });
    made.collect()
}

/// Its pairs and linkages with their latest verdicts.
fn of_pairs(
    pairs: &Pairs<'_>,
    files: &BTreeMap<&str, String>,
    of: &Progress,
    (lang, options): (Lang, &Options),
) -> Table {
    let own = pairs
        .iter()
        .filter(|((pair, _), _)| of.pairs.contains(pair));
    let rows = own.map(|((pair, linkage), latest)| {
        let file = files.get(pair.as_str()).map_or("", String::as_str);
        let page = format!("../{file}#{}", row_id(linkage));
        let all = latest.cases.len() as u64;
        let planned = all.saturating_sub(latest.count(Verdict::NotApplicable));
        let ran = planned.saturating_sub(latest.count(Verdict::NotRun));
        Row::of(vec![
            Cell::link(page, pair.as_str()),
            linkage.as_str().into(),
            verdict_cell(latest.verdict(), String::new(), String::new(), lang),
            Cell::number(planned),
            Cell::number(ran),
            Cell::number(latest.count(Verdict::Pass)),
            Cell::number(latest.count(Verdict::Fail)),
            moment::minute(&latest.doc.run.started_at, options).into(),
        ])
    });
    let columns = [
        "pair", "linkage", "verdict", "planned", "ran", "passed", "failed", "last_run",
    ];
    Table {
        id: "pairs",
        title: words::get(lang, "site.pair_linkage"),
        columns: heads(&columns, lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Rules whose findings are proposed to be on its side, the most frequent first.
fn on_its_side(pairs: &Pairs<'_>, of: &Progress, lang: Lang) -> Table {
    type Found = (BTreeSet<String>, u64, String);
    let mut by_rule: BTreeMap<&str, Found> = BTreeMap::new();
    let own = |latest: &&Latest<'_>| {
        latest
            .cases
            .iter()
            .any(|c| of.ids.contains(&c.from) || of.ids.contains(&c.to))
    };
    for ((pair, _), latest) in pairs.iter().filter(|(_, latest)| own(latest)) {
        for finding in view::ordered(latest.doc) {
            let Some(case) = latest.cases.iter().find(|c| c.id == finding.case) else {
                continue;
            };
            let blamed = match finding.cause.kind.as_str() {
                "sender" => &case.from,
                "receiver" => &case.to,
                _ => continue,
            };
            if of.ids.contains(blamed) {
                let entry = by_rule.entry(&finding.rule).or_default();
                entry.0.insert(pair.clone());
                entry.1 = entry.1.saturating_add(finding.count);
                finding.message.get(lang).clone_into(&mut entry.2);
            }
        }
    }
    let mut found: Vec<(&str, Found)> = by_rule.into_iter().collect();
    found.sort_by_key(|(_, (_, places, _))| std::cmp::Reverse(*places));
    let rows = found.into_iter().map(|(rule, (pairs, places, told))| {
        Row::of(vec![
            Cell::link(format!("../{}", super::rules::rule_file(rule)), rule),
            told.into(),
            Cell::number(pairs.len() as u64),
            Cell::number(places),
        ])
    });
    Table {
        id: "own_side",
        title: words::get(lang, "site.own_side"),
        note: words::get(lang, "site.own_side_note"),
        columns: heads(&["rule", "fact", "pair_count", "places"], lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Its cases from run to run.
fn over_time(runs: &[Run<'_>], vendor: &str, lang: Lang, options: &Options) -> Table {
    let rows = runs.iter().filter_map(|run| {
        let doc = run.doc;
        let its = |id: &str| view::party(doc, id).is_some() && name(doc, id, lang) == vendor;
        let own: Vec<&CaseResult> = doc
            .cases
            .iter()
            .filter(|case| its(&case.from) || its(&case.to))
            .collect();
        let count = |verdict: Verdict| own.iter().filter(|c| c.verdict == verdict).count() as u64;
        (!own.is_empty()).then(|| {
            Row::of(vec![
                Cell::link(
                    format!("../runs/{}/index.html", run.slug),
                    doc.run.id.clone(),
                ),
                moment::minute(&doc.run.started_at, options).into(),
                Cell::number(own.len() as u64),
                Cell::number(count(Verdict::Pass)),
                Cell::number(count(Verdict::Fail)),
            ])
        })
    });
    Table {
        id: "over_time",
        title: words::get(lang, "site.verdicts"),
        columns: heads(&["run", "started", "cases", "passed", "failed"], lang),
        rows: rows.collect(),
        ..Table::default()
    }
}
