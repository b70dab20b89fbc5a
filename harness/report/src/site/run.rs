//! One run: its cases with a filter, and the agreement five ways.

use renkei_core::model::{Lang, Verdict};
use renkei_core::record::{CaseResult, ResultDocument};

use super::layout::{Cell, Choice, Field, Link, Page, Row, Table};
use super::{Run, crumbs};
use crate::html::{self, anchor};
use crate::pairs::pair_name;
use crate::{Options, moment, view, words};

/// The page of a run.
pub(super) fn page(run: &Run<'_>, lang: Lang, options: &Options) -> Page {
    let doc = run.doc;
    let mut links = crumbs(2, lang);
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
    let rows: Vec<Row> = cases.iter().map(|case| row(doc, case, lang)).collect();
    let w = |key: &str| words::of(lang, "site", key);
    Page {
        path: format!("runs/{}/index.html", run.slug),
        title: format!("{} {}", doc.run.id, doc.run.title.get(lang)),
        data_class: words::of(lang, "data_class", &doc.run.data_class),
        crumbs: links,
        notes,
        filter: filter(&rows, lang),
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
            agreement(doc, lang),
        ],
    }
}

fn row(doc: &ResultDocument, case: &CaseResult, lang: Lang) -> Row {
    let first = view::ordered(doc).into_iter().find(|f| f.case == case.id);
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
    }
}

/// What the filter offers: the values that occur.
fn filter(rows: &[Row], lang: Lang) -> Vec<Field> {
    let field = |name: &'static str| {
        let mut options: Vec<Choice> = Vec::new();
        let values = rows.iter().flat_map(|row| &row.data);
        for (_, value) in values.filter(|(key, value)| *key == name && !value.is_empty()) {
            if !options.iter().any(|known| known.value == *value) {
                let text = if name == "verdict" {
                    words::of(lang, "verdict", value)
                } else {
                    value.clone()
                };
                options.push(Choice {
                    value: value.clone(),
                    text,
                });
            }
        }
        Field {
            name,
            label: words::of(lang, "site", name),
            options,
        }
    };
    ["verdict", "linkage", "rule"].map(field).into()
}

/// Standard, both declarations, agreement and observation of every item.
fn agreement(doc: &ResultDocument, lang: Lang) -> Table {
    let w = |key: &str| words::of(lang, "site", key);
    let rows = doc.agreement.iter().map(|row| {
        let (a, b) = row.pair.split_once("..").unwrap_or((&row.pair, ""));
        let name = |id: &str| view::party_name(doc, id, lang);
        Row::of(vec![
            format!("{} {}", row.id, row.title.get(lang)).into(),
            row.linkage.as_str().into(),
            format!("{} / {}", name(a), name(b)).into(),
            row.standard.as_str().into(),
            row.a.as_str().into(),
            row.b.as_str().into(),
            row.agreed.as_str().into(),
            row.observed.as_str().into(),
            words::of(lang, "state", row.state.as_str()).into(),
        ])
    });
    let columns = [
        "item",
        "linkage",
        "sides",
        "standard",
        "declared_a",
        "declared_b",
        "agreed",
        "observed",
        "state",
    ];
    Table {
        id: "agreement",
        title: w("agreement"),
        columns: columns.map(w).into(),
        rows: rows.collect(),
        ..Table::default()
    }
}
