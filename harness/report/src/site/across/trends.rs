//! Verdicts from run to run.

use std::fmt::Write as _;

use renkei_core::model::{Lang, Verdict};

use super::super::Run;
use super::super::layout::{Cell, Row, Table};
use super::heads;
use crate::{Options, html, moment, view, words};

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
