//! What several runs say together: runs, pair × linkage, pairs, vendors, rules, ambiguities, trends, period.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use renkei_core::baseline::{Change, diff};
use renkei_core::check::rule;
use renkei_core::model::{CauseKind, Finding, Lang, Level, Verdict, aggregate};
use renkei_core::record::CaseResult;

use super::layout::{Cell, Page, Row, Table};
use super::run::pair_name;
use super::{Run, case_path, crumbs};
use crate::html::{self, anchor};
use crate::{Options, moment, view, words};

/// All of them.
pub(super) fn pages(runs: &[Run<'_>], lang: Lang, options: &Options) -> Vec<Page> {
    let mut pages = vec![
        page("index", vec![index(runs, lang, options)], runs, lang),
        page("matrix", vec![matrix(runs, lang)], runs, lang),
        page("vendors", vec![vendors(runs, lang, options)], runs, lang),
        page("rules", vec![rules(runs, lang)], runs, lang),
        page("ambiguities", vec![ambiguities(runs, lang)], runs, lang),
        page("trends", vec![trends(runs, lang, options)], runs, lang),
        page("period", period(runs, lang), runs, lang),
    ];
    pages.extend(pair_pages(runs, lang, options));
    pages
}

fn page(name: &str, tables: Vec<Table>, runs: &[Run<'_>], lang: Lang) -> Page {
    let classes: BTreeSet<String> = runs
        .iter()
        .map(|run| words::of(lang, "data_class", &run.doc.run.data_class))
        .collect();
    Page {
        path: format!("{name}.html"),
        title: words::of(lang, "site", name),
        data_class: classes.into_iter().collect::<Vec<_>>().join(" "),
        crumbs: crumbs(name.matches('/').count(), lang),
        tables,
        ..Page::default()
    }
}

fn heads(keys: &[&str], lang: Lang) -> Vec<String> {
    keys.iter()
        .map(|key| words::of(lang, "site", key))
        .collect()
}

fn verdict_cell(verdict: Verdict, href: String, label: String, lang: Lang) -> Cell {
    Cell {
        chip: Some(html::chip(verdict, lang)),
        label: format!("{label} {}", words::of(lang, "verdict", verdict.as_str())),
        href,
        ..Cell::default()
    }
}

fn index(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
    let rows = runs.iter().rev().map(|run| {
        let doc = run.doc;
        Row::of(vec![
            Cell::link(format!("runs/{}/index.html", run.slug), doc.run.id.clone()),
            moment::minute(&doc.run.started_at, options).into(),
            doc.run.title.get(lang).into(),
            verdict_cell(doc.verdict, String::new(), String::new(), lang),
            Cell::number(view::count(doc, Verdict::Pass)),
            Cell::number(view::count(doc, Verdict::Fail)),
            Cell::number(doc.cases.len() as u64),
            Cell::number(
                doc.findings
                    .iter()
                    .filter(|f| f.level != Level::Off)
                    .count() as u64,
            ),
        ])
    });
    Table {
        id: "runs",
        title: words::get(lang, "site.runs"),
        columns: heads(
            &[
                "run", "started", "title", "verdict", "passed", "failed", "cases", "findings",
            ],
            lang,
        ),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Cases of one pair and linkage in the latest run that has them.
struct Latest<'a> {
    run: &'a Run<'a>,
    cases: Vec<&'a CaseResult>,
}

impl Latest<'_> {
    fn verdict(&self) -> Verdict {
        aggregate(self.cases.iter().map(|case| (case.verdict, case.required)))
    }
}

type Pairs<'a> = BTreeMap<(String, String), Latest<'a>>;

fn latest<'a>(runs: &'a [Run<'a>], lang: Lang) -> Pairs<'a> {
    let mut found: Pairs<'a> = BTreeMap::new();
    for run in runs {
        let mut own: Pairs<'a> = BTreeMap::new();
        for case in run.doc.cases.iter().filter(|case| !case.from.is_empty()) {
            let pair = pair_name(run.doc, &case.from, &case.to, lang);
            own.entry((pair, case.linkage.clone()))
                .or_insert_with(|| Latest {
                    run,
                    cases: Vec::new(),
                })
                .cases
                .push(case);
        }
        found.extend(own);
    }
    found
}

fn pair_file(pairs: &Pairs<'_>, pair: &str) -> String {
    let names: BTreeSet<&String> = pairs.keys().map(|(pair, _)| pair).collect();
    let at = names.iter().position(|name| *name == pair).unwrap_or(0);
    format!("pairs/pair-{:03}.html", at + 1)
}

fn matrix(runs: &[Run<'_>], lang: Lang) -> Table {
    let pairs = latest(runs, lang);
    let names: BTreeSet<&String> = pairs.keys().map(|(pair, _)| pair).collect();
    let linkages: BTreeSet<&String> = pairs.keys().map(|(_, linkage)| linkage).collect();
    let failing = |linkage: &String| {
        let of = pairs.iter().filter(|((_, l), _)| l == linkage);
        let verdicts: Vec<Verdict> = of.map(|(_, latest)| latest.verdict()).collect();
        let failed = verdicts.iter().filter(|v| **v == Verdict::Fail).count();
        (failed * 100).checked_div(verdicts.len()).unwrap_or(0)
    };
    let mut columns: Vec<&String> = linkages.into_iter().collect();
    columns.sort_by_key(|linkage| std::cmp::Reverse(failing(linkage)));
    let mut rows: Vec<Row> = names
        .iter()
        .map(|pair| {
            let first = Cell::link(pair_file(&pairs, pair), pair.as_str());
            let cells = columns.iter().map(|linkage| {
                let key = ((*pair).clone(), (*linkage).clone());
                pairs.get(&key).map_or_else(Cell::default, |latest| {
                    let page = format!("runs/{}/index.html", latest.run.slug);
                    verdict_cell(latest.verdict(), page, format!("{pair} {linkage}"), lang)
                })
            });
            Row::of([first].into_iter().chain(cells).collect())
        })
        .collect();
    if !rows.is_empty() {
        let share = columns
            .iter()
            .map(|linkage| Cell::number(failing(linkage) as u64));
        let title = Cell::from(words::get(lang, "site.failing_share"));
        rows.push(Row::of([title].into_iter().chain(share).collect()));
    }
    let mut all = heads(&["pair"], lang);
    all.extend(columns.into_iter().cloned());
    Table {
        id: "pairs",
        title: words::get(lang, "site.pair_linkage"),
        note: words::get(lang, "site.matrix_note"),
        columns: all,
        rows,
        ..Table::default()
    }
}

fn pair_pages(runs: &[Run<'_>], lang: Lang, options: &Options) -> Vec<Page> {
    let pairs = latest(runs, lang);
    let names: BTreeSet<&String> = pairs.keys().map(|(pair, _)| pair).collect();
    names
        .into_iter()
        .map(|pair| {
            let of: Vec<(&String, &Latest<'_>)> = pairs
                .iter()
                .filter(|((name, _), _)| name == pair)
                .map(|((_, linkage), latest)| (linkage, latest))
                .collect();
            let tables = vec![pair_linkages(&of, lang, options), pair_findings(&of, lang)];
            let path = pair_file(&pairs, pair);
            let mut made = page(path.trim_end_matches(".html"), tables, runs, lang);
            made.title = words::fill(lang, "site.pair_title", &[("pair", pair)]);
            made
        })
        .collect()
}

fn pair_linkages(of: &[(&String, &Latest<'_>)], lang: Lang, options: &Options) -> Table {
    let rows = of.iter().map(|(linkage, latest)| {
        let share = |required: bool| {
            let cases = || latest.cases.iter().filter(|c| c.required == required);
            let passed = cases().filter(|c| c.verdict == Verdict::Pass).count();
            format!("{passed}/{}", cases().count())
        };
        let count = |verdict: Verdict| {
            Cell::number(latest.cases.iter().filter(|c| c.verdict == verdict).count() as u64)
        };
        let doc = latest.run.doc;
        let page = format!("../runs/{}/index.html", latest.run.slug);
        Row::of(vec![
            linkage.as_str().into(),
            verdict_cell(latest.verdict(), page, (*linkage).clone(), lang),
            share(true).into(),
            share(false).into(),
            count(Verdict::Fail),
            count(Verdict::Review),
            count(Verdict::Inconclusive),
            count(Verdict::NotRun),
            moment::minute(&doc.run.started_at, options).into(),
        ])
    });
    let columns = [
        "linkage",
        "verdict",
        "required",
        "optional",
        "failed",
        "review",
        "inconclusive",
        "not_run",
        "last_run",
    ];
    Table {
        id: "linkages",
        title: words::get(lang, "site.linkages"),
        columns: heads(&columns, lang),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn pair_findings(of: &[(&String, &Latest<'_>)], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for (_, latest) in of {
        let doc = latest.run.doc;
        let own = |f: &&&Finding| latest.cases.iter().any(|case| case.id == f.case);
        for finding in view::ordered(doc).iter().filter(own) {
            let page = format!(
                "../{}#{}",
                case_path(latest.run, &finding.case),
                anchor(&finding.id)
            );
            rows.push(Row::of(vec![
                Cell::link(page, format!("{} {}", finding.case, finding.id)),
                finding.rule.as_str().into(),
                finding.message.get(lang).into(),
                Cell::number(finding.count),
                view::side(doc, finding, lang).into(),
                view::place_in_brief(&finding.location, lang)
                    .join("  ")
                    .into(),
            ]));
        }
    }
    Table {
        id: "findings",
        title: words::get(lang, "site.findings"),
        columns: heads(
            &["finding", "rule", "fact", "places", "side", "place"],
            lang,
        ),
        rows,
        ..Table::default()
    }
}

fn vendors(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
    #[derive(Default)]
    struct Progress {
        pairs: BTreeSet<String>,
        planned: u64,
        ran: u64,
        passed: u64,
        failed: u64,
        last: String,
    }
    let mut found: BTreeMap<String, Progress> = BTreeMap::new();
    for ((pair, _), latest) in latest(runs, lang) {
        let doc = latest.run.doc;
        for case in &latest.cases {
            let ends = [&case.from, &case.to];
            for id in ends
                .into_iter()
                .filter(|id| view::party(doc, id).is_some_and(|p| !p.stand_in))
            {
                let of = found.entry(view::party_name(doc, id, lang)).or_default();
                of.pairs.insert(pair.clone());
                of.planned += u64::from(case.verdict != Verdict::NotApplicable);
                of.ran += u64::from(!matches!(
                    case.verdict,
                    Verdict::NotRun | Verdict::NotApplicable
                ));
                of.passed += u64::from(case.verdict == Verdict::Pass);
                of.failed += u64::from(case.verdict == Verdict::Fail);
                if doc.run.started_at > of.last {
                    of.last.clone_from(&doc.run.started_at);
                }
            }
        }
    }
    let rows = found.into_iter().map(|(name, of)| {
        Row::of(vec![
            name.into(),
            Cell::number(of.pairs.len() as u64),
            Cell::number(of.planned),
            Cell::number(of.ran),
            Cell::number(of.passed),
            Cell::number(of.failed),
            moment::minute(&of.last, options).into(),
        ])
    });
    Table {
        id: "progress",
        title: words::get(lang, "site.progress"),
        note: words::get(lang, "site.vendors_note"),
        columns: heads(
            &[
                "vendor",
                "pair_count",
                "planned",
                "ran",
                "passed",
                "failed",
                "last_run",
            ],
            lang,
        ),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn rules(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut codes: BTreeMap<&str, Vec<(&Run<'_>, &Finding)>> = BTreeMap::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            codes.entry(&finding.rule).or_default().push((run, finding));
        }
    }
    let mut rows: Vec<(u64, Row)> = codes
        .into_iter()
        .map(|(code, found)| {
            let places = found
                .iter()
                .fold(0u64, |n, (_, f)| n.saturating_add(f.count));
            let pairs: BTreeSet<String> = found
                .iter()
                .filter_map(|(run, f)| view::case_of(run.doc, f).map(|case| (run, case)))
                .map(|(run, case)| pair_name(run.doc, &case.from, &case.to, lang))
                .collect();
            let in_runs: Vec<usize> = runs
                .iter()
                .map(|run| run.doc.findings.iter().filter(|f| f.rule == code).count())
                .collect();
            // Seen, then not seen, then seen again.
            let again = in_runs
                .windows(2)
                .filter(|w| w.first() == Some(&0) && w.last() > Some(&0))
                .count();
            let again = again.saturating_sub(usize::from(in_runs.first() == Some(&0)));
            let trend: Vec<String> = in_runs.iter().map(usize::to_string).collect();
            let title = rule(code).map(|r| r.page().head.title.get(lang).to_owned());
            let row = Row::of(vec![
                code.into(),
                title.unwrap_or_default().into(),
                Cell::number(pairs.len() as u64),
                Cell::number(places),
                found
                    .first()
                    .map(|(run, _)| run.doc.run.id.clone())
                    .unwrap_or_default()
                    .into(),
                found
                    .last()
                    .map(|(run, _)| run.doc.run.id.clone())
                    .unwrap_or_default()
                    .into(),
                Cell::number(again as u64),
                trend.join(" ").into(),
            ]);
            (places, row)
        })
        .collect();
    rows.sort_by_key(|(places, _)| std::cmp::Reverse(*places));
    Table {
        id: "recurrence",
        title: words::get(lang, "site.recurrence"),
        columns: heads(
            &[
                "rule",
                "fact",
                "pair_count",
                "places",
                "first_run",
                "last_seen",
                "again",
                "trend",
            ],
            lang,
        ),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        ..Table::default()
    }
}

fn ambiguities(runs: &[Run<'_>], lang: Lang) -> Table {
    let mut rows = Vec::new();
    for run in runs {
        for finding in view::ordered(run.doc) {
            if finding.cause.kind != CauseKind::Spec {
                continue;
            }
            let case = view::case_of(run.doc, finding);
            let pair = case.map(|c| pair_name(run.doc, &c.from, &c.to, lang));
            rows.push(Row::of(vec![
                run.doc.run.id.as_str().into(),
                finding.rule.as_str().into(),
                finding.message.get(lang).into(),
                pair.unwrap_or_default().into(),
                finding.requirements.join(" ").into(),
                finding.cause.proof.get(lang).into(),
            ]));
        }
    }
    Table {
        id: "register",
        title: words::get(lang, "site.register"),
        note: words::get(lang, "site.ambiguities_note"),
        columns: heads(
            &["run", "rule", "fact", "pair", "requirement", "proof"],
            lang,
        ),
        rows,
        ..Table::default()
    }
}

fn trends(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
    let mut columns = heads(&["run", "started"], lang);
    columns.extend(Verdict::ALL.map(|v| words::of(lang, "verdict", v.as_str())));
    let rows = runs.iter().map(|run| {
        let doc = run.doc;
        let counts = Verdict::ALL.map(|verdict| Cell::number(view::count(doc, verdict)));
        let page = format!("runs/{}/index.html", run.slug);
        let head = [
            Cell::link(page, doc.run.id.clone()),
            moment::minute(&doc.run.started_at, options).into(),
        ];
        Row::of(head.into_iter().chain(counts).collect())
    });
    Table {
        id: "verdicts",
        title: words::get(lang, "site.verdicts"),
        drawing: Some(minijinja::Value::from_safe_string(bars(runs, lang))),
        columns,
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Cases by verdict, one bar a run: conforming, nonconforming, everything else.
fn bars(runs: &[Run<'_>], lang: Lang) -> String {
    let most = runs
        .iter()
        .map(|run| run.doc.cases.len())
        .max()
        .unwrap_or(0)
        .max(1);
    let height = 26 * runs.len() + 8;
    let mut out = format!(
        "<figure class=\"rk-seq\"><svg viewBox=\"0 0 860 {height}\" width=\"860\" height=\"{height}\" role=\"img\" \
         aria-labelledby=\"bars-t bars-d\"><title id=\"bars-t\">{}</title><desc id=\"bars-d\">{}</desc>",
        html::safe(&words::get(lang, "site.verdicts")),
        html::safe(&words::get(lang, "site.bars_about")),
    );
    for (row, run) in runs.iter().enumerate() {
        let y = 26 * row + 4;
        let count = |verdict| {
            usize::try_from(view::count(run.doc, verdict))
                .unwrap_or(most)
                .min(most)
        };
        let (passed, failed) = (count(Verdict::Pass), count(Verdict::Fail));
        let rest = run.doc.cases.len().saturating_sub(passed + failed);
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{}\">{}</text>",
            y + 15,
            html::safe(&run.doc.run.id)
        );
        let mut x = 260;
        for (n, class) in [(passed, "rk-w2"), (failed, "rk-w4"), (rest, "rk-w3")] {
            let wide = n * 580 / most;
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"18\"/>"
            );
            x += wide;
        }
    }
    out.push_str("</svg></figure>");
    out
}

/// From the first to the last run of the same title: what became of verdicts and findings.
fn period(runs: &[Run<'_>], lang: Lang) -> Vec<Table> {
    let mut by_title: BTreeMap<&str, Vec<&Run<'_>>> = BTreeMap::new();
    for run in runs {
        by_title
            .entry(run.doc.run.title.get(lang))
            .or_default()
            .push(run);
    }
    let (mut moves, mut cases) = (Vec::new(), Vec::new());
    for (title, of) in by_title {
        let (Some(first), Some(last)) = (of.first(), of.last()) else {
            continue;
        };
        let found = diff(first.doc, last.doc);
        let count =
            |change: Change| Cell::number(found.counts.get(change.as_str()).copied().unwrap_or(0));
        let ends = [first.doc.run.id.as_str(), last.doc.run.id.as_str()];
        let mut cells = vec![
            Cell::from(title),
            ends.join(" → ").into(),
            Cell::number(of.len() as u64),
        ];
        cells.extend(Change::ALL.map(count));
        moves.push(Row::of(cells));
        for case in found.cases.iter().filter(|case| case.differs()) {
            let word = |verdict: Option<Verdict>| {
                verdict.map_or_else(
                    || words::get(lang, "diff.none"),
                    |v| words::of(lang, "verdict", v.as_str()),
                )
            };
            cases.push(Row::of(vec![
                format!("{} {}", case.id, case.title.get(lang)).into(),
                title.into(),
                word(case.before).into(),
                word(case.after).into(),
                case.reason.get(lang).into(),
            ]));
        }
    }
    let mut columns = heads(&["title", "period_runs", "run_count"], lang);
    columns.extend(Change::ALL.map(|change| words::of(lang, "diff", change.as_str())));
    let moved = Table {
        id: "movement",
        title: words::get(lang, "site.movement"),
        columns,
        rows: moves,
        ..Table::default()
    };
    let turned = Table {
        id: "turned",
        title: words::get(lang, "diff.verdicts"),
        columns: [
            heads(&["case", "title"], lang),
            ["diff.before", "diff.after", "diff.reason"]
                .map(|key| words::get(lang, key))
                .into(),
        ]
        .concat(),
        rows: cases,
        ..Table::default()
    };
    vec![moved, turned]
}
