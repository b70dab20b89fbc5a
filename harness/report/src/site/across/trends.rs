//! Verdicts from run to run.

use renkei_core::model::{Lang, Verdict};

use super::super::Run;
use super::super::bars::{Bars, Look};
use super::super::layout::{Cell, Row, Table};
use super::heads;
use crate::{Options, moment, view, words};

pub(super) fn trends(runs: &[Run<'_>], lang: Lang, options: &Options) -> Table {
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
    let row = |run: &Run<'_>| {
        let (passed, failed) = (
            view::count(run.doc, Verdict::Pass),
            view::count(run.doc, Verdict::Fail),
        );
        let rest = (run.doc.cases.len() as u64).saturating_sub(passed.saturating_add(failed));
        (run.doc.run.id.clone(), vec![passed, failed, rest])
    };
    let verdict = |verdict: Verdict| words::of(lang, "verdict", verdict.as_str());
    let drawn = Bars {
        id: "bars",
        title: words::get(lang, "site.verdicts"),
        about: words::get(lang, "site.bars_about"),
        label: 260,
        parts: vec![
            (Look::Plain, verdict(Verdict::Pass)),
            (Look::Stripes, verdict(Verdict::Fail)),
            (Look::Dots, words::get(lang, "site.others")),
        ],
        rows: runs.iter().map(row).collect(),
    };
    drawn.svg().unwrap_or_default()
}
