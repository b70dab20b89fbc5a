//! 課題票: one issue with what people decided beside what the machine found, its runs and its history.

use renkei_core::issue::{Issue, State, reason_in_both, result_in_both};

use super::super::layout::{Cell, Page, Row, Table};
use super::super::{Run, case_path, crumbs};
use super::{Issues, marks, page_of};
use crate::html::anchor;
use crate::{issue_words as wording, moment, view, words};

pub(super) fn page(all: &Issues<'_>, issue: &Issue) -> Page {
    Page {
        path: page_of(issue),
        title: format!("{} {}", issue.id(), wording::description(issue, all.lang)),
        data_class: super::super::across::data_classes(all.runs, all.lang),
        crumbs: crumbs(1, all.lang),
        notes: vec![words::fill(
            all.lang,
            "site.issue_version",
            &[
                ("n", &issue.version.to_string()),
                ("state", &all.state(issue.human.state)),
                ("marks", &marks(all, issue).join(" ")),
            ],
        )],
        tables: vec![
            fields(all, issue),
            sides(all, issue),
            runs(all, issue),
            history(all, issue),
        ],
        ..Page::default()
    }
}

/// The nine mandated fields, then who and whose.
fn fields(all: &Issues<'_>, issue: &Issue) -> Table {
    let human = &issue.human;
    let pair = issue.machine.as_ref().map(|m| {
        let ends = [&m.sender, &m.receiver].map(|id| all.party(id));
        let ends: Vec<&str> = ends
            .iter()
            .map(String::as_str)
            .filter(|n| !n.is_empty())
            .collect();
        format!("{} {}", ends.join(" → "), m.linkage)
            .trim()
            .to_owned()
    });
    let values = [
        ("description", wording::description(issue, all.lang)),
        ("impact", wording::impact(issue, all.lang)),
        ("priority", wording::priority(human.priority, all.lang)),
        ("occurred", all.day(&issue.occurred_at)),
        ("assignee", human.assignee.clone()),
        ("due", human.due_on.clone()),
        ("issue_state", all.state(human.state)),
        ("countermeasure", human.countermeasure.clone()),
        (
            "result",
            result_in_both(&human.result).get(all.lang).to_owned(),
        ),
        ("pair_linkage", nothing_to_name(pair)),
        ("raised_by", issue.raised_by.clone()),
        (
            "side",
            wording::side_and_how(&human.fault_side, human.fault_agreed, all.lang),
        ),
    ];
    let rows = values.into_iter().map(|(key, value)| {
        let value = if value.is_empty() {
            all.w("not_filled")
        } else {
            value
        };
        Row::of(vec![all.w(key).into(), value.into()])
    });
    Table {
        id: "fields",
        title: all.w("issue_fields"),
        columns: ["field", "value"].map(|key| all.w(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// A dash where an issue belongs to no pair or linkage: nobody forgot to fill it in.
fn nothing_to_name(pair: Option<String>) -> String {
    pair.filter(|pair| !pair.is_empty())
        .unwrap_or_else(|| "-".to_owned())
}

/// The machine's verdict and the human decision, side by side.
fn sides(all: &Issues<'_>, issue: &Issue) -> Table {
    let mut rows = Vec::new();
    if let Some(machine) = &issue.machine {
        let of = |group: &str, value: &str| words::of(all.lang, group, value);
        // A warning leaves its case's verdict as it is: its own word says more.
        let verdict = match machine.level.as_str() {
            "error" => of("verdict", &machine.verdict),
            level => of("level", level),
        };
        rows.push(Row::of(vec![
            all.w("by_machine").into(),
            verdict.into(),
            of("cause", &machine.cause).into(),
            format!("{} {}", machine.rule, machine.message.get(all.lang)).into(),
            evidence(all, issue),
        ]));
    }
    if let Some(judged) = &issue.judged {
        rows.push(Row::of(vec![
            all.w("by_people").into(),
            judged.judgement.word().get(all.lang).into(),
            wording::side(&issue.human.fault_side, all.lang).into(),
            judged.reason.as_str().into(),
            format!("{} {}", judged.by, moment::minute(&judged.at, all.options)).into(),
        ]));
    }
    if let Some(waiver) = &issue.waiver {
        let until = words::fill(all.lang, "site.until", &[("day", &waiver.expires)]);
        rows.push(Row::of(vec![
            all.w("accepted").into(),
            until.into(),
            "".into(),
            waiver.reason.as_str().into(),
            format!(
                "{} {}",
                waiver.approver,
                moment::minute(&waiver.at, all.options)
            )
            .into(),
        ]));
    }
    Table {
        id: "decisions",
        title: all.w("decisions"),
        columns: ["who", "verdict", "side", "grounds", "evidence"]
            .map(|key| all.w(key))
            .into(),
        rows,
        ..Table::default()
    }
}

/// Where the finding can be seen: in its case's page, else in the page of the whole run.
fn evidence(all: &Issues<'_>, issue: &Issue) -> Cell {
    let Some(machine) = &issue.machine else {
        return Cell::default();
    };
    let place = view::place_in_brief(&machine.location, all.lang).join("  ");
    match link(all, issue.last_run(), &machine.finding) {
        Some(href) => Cell::link(href, format!("{} {place}", machine.finding)),
        None => place.into(),
    }
}

fn run_of<'a>(all: &'a Issues<'_>, id: &str) -> Option<&'a Run<'a>> {
    all.runs.iter().rev().find(|run| run.doc.run.id == id)
}

fn link(all: &Issues<'_>, run: &str, finding: &str) -> Option<String> {
    let run = run_of(all, run)?;
    let found = run.doc.findings.iter().find(|f| f.id == finding)?;
    let page = match view::case_of(run.doc, found) {
        Some(case) => case_path(run, &case.id),
        None => format!("runs/{}/report.html", run.slug),
    };
    let shown = run.doc.findings.len() <= all.options.max_inline_findings || !found.case.is_empty();
    let place = if shown {
        format!("#{}", anchor(finding))
    } else {
        String::new()
    };
    Some(format!("../{page}{place}"))
}

/// Every run that said something about it, the latest first.
fn runs(all: &Issues<'_>, issue: &Issue) -> Table {
    let seen = issue.seen.iter().map(|seen| (seen, "seen"));
    let mut lines: Vec<_> = seen
        .chain(issue.absent.iter().map(|s| (s, "absent")))
        .collect();
    lines.sort_by(|(a, _), (b, _)| b.at.cmp(&a.at));
    let rows = lines.into_iter().map(|(seen, what)| {
        let name = match run_of(all, &seen.run) {
            Some(run) => Cell::link(format!("../runs/{}/index.html", run.slug), seen.run.clone()),
            None => seen.run.as_str().into(),
        };
        let at = moment::minute(&seen.at, all.options);
        Row::of(vec![name, at.into(), all.w(what).into()])
    });
    Table {
        id: "runs",
        title: all.w("issue_runs"),
        columns: ["run", "started", "outcome"].map(|key| all.w(key)).into(),
        rows: rows.collect(),
        ..Table::default()
    }
}

fn history(all: &Issues<'_>, issue: &Issue) -> Table {
    let own = issue.id();
    let lines = all.register.iter().flat_map(|r| &r.history);
    let rows = lines.filter(|line| line.issue == own).map(|line| {
        let before = line
            .before
            .map_or_else(|| "-".to_owned(), |s: State| all.state(s));
        Row::of(vec![
            moment::minute(&line.at, all.options).into(),
            before.into(),
            all.state(line.after).into(),
            line.by.as_str().into(),
            reason_in_both(&line.reason).get(all.lang).into(),
        ])
    });
    Table {
        id: "history",
        title: all.w("history"),
        columns: [
            "changed_at",
            "state_before",
            "state_after",
            "changed_by",
            "grounds",
        ]
        .map(|key| all.w(key))
        .into(),
        rows: rows.collect(),
        ..Table::default()
    }
}
