//! One run: its cases with a filter, and how its agreement stands.

use std::collections::BTreeMap;

use renkei_core::model::{Finding, Lang, Verdict};
use renkei_core::record::{CaseResult, ResultDocument};

use super::filter;
use super::layout::{Cell, Link, Page, Row, Table};
use super::{Run, agreement, crumbs};
use crate::html::{self, anchor};
use crate::pairs::pair_name;
use crate::{Options, moment, view, words};

/// The page of a run.
pub(super) fn page(run: &Run<'_>, lang: Lang, options: &Options) -> Page {
    let doc = run.doc;
    let mut links = crumbs(2, lang);
    links.push(Link {
        href: agreement::FILE.into(),
        text: words::get(lang, "site.agreement_short"),
    });
    links.push(Link {
        href: "report.html".into(),
        text: words::get(lang, "site.one_file"),
    });
    let times = moment::minute(&doc.run.started_at, options);
    let word = words::of(lang, "verdict", doc.verdict.as_str());
    let mut notes = vec![format!("{word}  {times} {}", moment::zone(options))];
    notes.extend(doc.remarks.iter().map(|r| r.get(lang).to_owned()));
    let mut cases: Vec<&CaseResult> = doc.cases.iter().collect();
    // Cases with findings first: a reader looks for what is wrong.
    cases.sort_by_key(|case| Verdict::ALL.iter().position(|v| *v == case.verdict));
    cases.sort_by_key(|case| case.findings.is_empty());
    // The most severe finding of each case: the first, because a later one does not replace it.
    let mut first: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in view::ordered(doc) {
        first.entry(&finding.case).or_insert(finding);
    }
    let mut rows: Vec<Row> = cases
        .iter()
        .map(|case| row(doc, case, first.get(&*case.id).copied(), lang))
        .collect();
    let w = |key: &str| words::of(lang, "site", key);
    Page {
        path: format!("runs/{}/index.html", run.slug),
        title: format!("{} {}", doc.run.id, doc.run.title.get(lang)),
        data_class: crate::view::data_class(doc, lang),
        crumbs: links,
        notes,
        filter: filter::fields(
            &mut rows,
            &["verdict", "linkage", "side", "rule"],
            lang,
            choice(lang),
        ),
        tables: vec![
            Table {
                id: "cases",
                title: w("cases"),
                columns: [
                    "case", "verdict", "linkage", "pair", "side", "first", "seconds",
                ]
                .map(w)
                .into(),
                rows,
                ..Table::default()
            },
            agreement::summary(doc, lang),
        ],
    }
}

fn row(doc: &ResultDocument, case: &CaseResult, first: Option<&Finding>, lang: Lang) -> Row {
    let page = format!("case-{}.html", anchor(&case.id));
    let name = format!("{} {}", case.id, case.title.get(lang));
    let told = first.map_or_else(
        || Cell::from(view::reason(case, lang)),
        |f| {
            let text = format!("{} {}", f.rule, f.message.get(lang));
            Cell::link(format!("{page}#{}", anchor(&f.id)), text)
        },
    );
    Row {
        id: format!("case-{}", anchor(&case.id)),
        data: vec![
            ("verdict", case.verdict.as_str().to_owned()),
            ("linkage", case.linkage.clone()),
            (
                "side",
                first.map(|f| view::side(doc, f, lang)).unwrap_or_default(),
            ),
            ("rule", first.map(|f| f.rule.clone()).unwrap_or_default()),
        ],
        cells: vec![
            Cell::link(page.clone(), name),
            Cell {
                chip: Some(html::chip(case.verdict, lang)),
                ..Cell::default()
            },
            case.linkage.as_str().into(),
            pair_name(doc, &case.from, &case.to, lang).into(),
            first
                .map(|f| view::side(doc, f, lang))
                .unwrap_or_default()
                .into(),
            told,
            html::seconds_text(case.duration_ms).into(),
        ],
        ..Row::default()
    }
}

/// A value of a filter's field in words.
pub(super) fn choice(lang: Lang) -> impl Fn(&str, &str) -> String {
    move |name, value| match name {
        "verdict" => words::of(lang, "verdict", value),
        _ => value.to_owned(),
    }
}
