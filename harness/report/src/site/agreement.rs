//! A run's agreement five ways: standard, both declarations, agreement and observation of every item, what is not settled
//! first; a page of its own with a filter, because it is longer than the cases.

use std::collections::BTreeMap;

use renkei_core::model::Lang;
use renkei_core::record::{AgreementRow, AgreementState, ResultDocument};

use super::filter;
use super::layout::{Cell, Link, Page, Row, Table};
use super::{Run, crumbs};
use crate::{view, words};

/// Its name beside the page of the run.
pub(super) const FILE: &str = "agreement.html";

/// What a reader looks for first: contradictions before what is open, then what is settled, then what nobody mentioned.
fn order(state: AgreementState) -> u8 {
    match state {
        AgreementState::Conflict => 0,
        AgreementState::Contradiction => 1,
        AgreementState::Outside => 2,
        AgreementState::OneSide => 3,
        AgreementState::Open => 4,
        AgreementState::Agreed => 5,
        AgreementState::Standard => 6,
        AgreementState::Silent => 7,
    }
}

/// How many items stand how, each with the way to them.
pub(super) fn summary(doc: &ResultDocument, lang: Lang) -> Table {
    let mut counts: BTreeMap<u8, (AgreementState, u64)> = BTreeMap::new();
    for row in &doc.agreement {
        counts.entry(order(row.state)).or_insert((row.state, 0)).1 += 1;
    }
    let rows = counts.into_values().map(|(state, count)| {
        let word = words::of(lang, "state", state.as_str());
        let page = format!("{FILE}#{}", state.as_str());
        Row::of(vec![Cell::link(page, word), Cell::number(count)])
    });
    Table {
        id: "agreement",
        title: words::get(lang, "site.agreement"),
        columns: ["state", "item_count"]
            .map(|key| words::of(lang, "site", key))
            .into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The page.
pub(super) fn page(run: &Run<'_>, lang: Lang) -> Page {
    let doc = run.doc;
    let w = |key: &str| words::of(lang, "site", key);
    let mut items: Vec<&AgreementRow> = doc.agreement.iter().collect();
    items.sort_by_key(|item| order(item.state));
    let mut rows: Vec<Row> = items.iter().map(|item| row(doc, item, lang)).collect();
    // The first row of each state is what the run's page leads to.
    let mut before = None;
    for (row, item) in rows.iter_mut().zip(&items) {
        if before.replace(item.state) != Some(item.state) {
            item.state.as_str().clone_into(&mut row.id);
        }
    }
    let filter = filter::fields(
        &mut rows,
        &["state", "linkage", "sides"],
        lang,
        |name, value| match name {
            "state" => words::of(lang, "state", value),
            _ => value.to_owned(),
        },
    );
    let mut links = crumbs(2, lang);
    links.push(Link {
        href: "index.html".into(),
        text: doc.run.id.clone(),
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
    Page {
        path: format!("runs/{}/{FILE}", run.slug),
        title: format!("{} {}", w("agreement_short"), doc.run.id),
        data_class: view::data_class(doc, lang),
        crumbs: links,
        notes: vec![w("agreement_note")],
        filter,
        tables: vec![Table {
            id: "agreement",
            title: w("agreement"),
            columns: columns.map(w).into(),
            rows,
            ..Table::default()
        }],
    }
}

fn row(doc: &ResultDocument, item: &AgreementRow, lang: Lang) -> Row {
    let (a, b) = item.pair.split_once("..").unwrap_or((&item.pair, ""));
    let name = |id: &str| view::party_name(doc, id, lang);
    let sides = format!("{} / {}", name(a), name(b));
    let declared = |value: &str| match value {
        "" => Cell::from(words::get(lang, "html.nothing")),
        value => value.into(),
    };
    Row {
        data: vec![
            ("state", item.state.as_str().to_owned()),
            ("linkage", item.linkage.clone()),
            ("sides", sides.clone()),
        ],
        cells: vec![
            format!("{} {}", item.id, item.title.get(lang)).into(),
            item.linkage.as_str().into(),
            sides.into(),
            item.standard.as_str().into(),
            declared(&item.a),
            declared(&item.b),
            item.agreed.as_str().into(),
            item.observed.as_str().into(),
            words::of(lang, "state", item.state.as_str()).into(),
        ],
        ..Row::default()
    }
}
