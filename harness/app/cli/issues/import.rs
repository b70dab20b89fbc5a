//! `renkei issues import`: an edited workbook back into the register, all of it or nothing.

use std::path::Path;

use renkei_core::issue::{Change, Clash, Edit, Human, Issue, Move, State, move_to, three_way};
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_import::workbook;
use renkei_report::exported_text;
use renkei_run::register::{Register, Snapshot};
use renkei_run::{Clock, RunError};
use serde_json::{Value, json};

use super::super::args::TextOrJson;
use super::IssuesArgs;
use super::rows::{self, Row};
use crate::screen;
use crate::trouble::Trouble;

/// Headings of what the machine owns, with what the register says.
type Owned = (&'static str, fn(&Issue) -> String);

const OWNED: [Owned; 8] = [
    ("起票者コード", |i| i.raised_by.clone()),
    ("送信側ベンダーコード", |i| {
        i.machine
            .as_ref()
            .map(|m| m.sender.clone())
            .unwrap_or_default()
    }),
    ("受信側ベンダーコード", |i| {
        i.machine
            .as_ref()
            .map(|m| m.receiver.clone())
            .unwrap_or_default()
    }),
    ("連携ID", |i| {
        i.machine
            .as_ref()
            .map(|m| m.linkage.clone())
            .unwrap_or_default()
    }),
    ("規則番号", |i| {
        i.machine
            .as_ref()
            .map(|m| m.rule.clone())
            .unwrap_or_default()
    }),
    ("検査項目番号", |i| {
        i.machine
            .as_ref()
            .map(|m| m.case.clone())
            .unwrap_or_default()
    }),
    ("初回実行番号", |i| i.first_run().to_owned()),
    ("再発回数", |i| i.reopened.to_string()),
];

/// What an import found.
#[derive(Default)]
struct Outcome {
    changes: Vec<Change>,
    /// Row by row: place, issue, clash.
    clashes: Vec<(String, String, Clash)>,
    notices: Problems,
    problems: Problems,
}

/// Why nothing was imported.
enum Stopped {
    Run(RunError),
    People(Box<Outcome>),
}

impl From<RunError> for Stopped {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

pub(super) fn run(args: &IssuesArgs, file: &Path, reason: &str, lang: Lang) -> Result<u8, Trouble> {
    let (by, at) = (args.person()?, Clock::system().text());
    let bytes = std::fs::read(file).map_err(|e| Trouble::file(file, &e))?;
    let name = file.display().to_string();
    let book = workbook::read(&name, &bytes).map_err(Trouble::Inputs)?;
    let (sheet, columns) = rows::columns(&book).map_err(Trouble::Inputs)?;
    let rows = rows::read(sheet, &columns).map_err(Trouble::Inputs)?;
    let mut register = Register::open_existing(&args.register)?;
    let ended = register.change(|now| {
        let mut outcome = Outcome::default();
        let mut next = now.register.next_number();
        for row in &rows {
            take(
                row,
                now,
                &mut next,
                Who {
                    by,
                    at: &at,
                    reason,
                },
                &mut outcome,
            )?;
        }
        if outcome.problems.is_empty() && outcome.clashes.is_empty() {
            Ok((outcome.changes.clone(), outcome))
        } else {
            Err(Stopped::People(Box::new(outcome)))
        }
    });
    match ended {
        Ok(outcome) => finished(args, &outcome, lang),
        Err(Stopped::Run(error)) => Err(error.into()),
        Err(Stopped::People(outcome)) if outcome.problems.is_empty() => {
            conflicts(args, &outcome, lang)
        }
        Err(Stopped::People(outcome)) => Err(Trouble::Inputs(outcome.problems)),
    }
}

#[derive(Clone, Copy)]
struct Who<'a> {
    by: &'a str,
    at: &'a str,
    reason: &'a str,
}

/// One row into changes, clashes, notices and problems.
fn take(
    row: &Row<'_>,
    now: &Snapshot<'_>,
    next: &mut u32,
    who: Who<'_>,
    out: &mut Outcome,
) -> Result<(), RunError> {
    let Some(number) = row.issue else {
        let edit = Edit {
            human: row.human.clone(),
            judgement: None,
            by: who.by,
            at: who.at,
            reason: "課題管理表の取込み",
        };
        match edit.raise(*next) {
            Ok(change) => out.changes.push(change),
            Err(message) => {
                out.problems
                    .push(row.problem("課題内容", message, Bilingual::default()))
            }
        }
        *next = next.saturating_add(1);
        return Ok(());
    };
    let Some(issue) = now.register.issues.get(&number) else {
        out.problems.push(row.problem(
            "課題番号",
            Bilingual::new("この番号の課題は課題管理簿にありません", "the register has no issue of this number"),
            Bilingual::new("--register が書き出したときと同じか確かめてください。新しい課題の行では課題番号を空欄にします", "check --register; leave the number empty for a new issue"),
        ));
        return Ok(());
    };
    let Some(base) = now.at_version(number, row.version)? else {
        out.problems.push(row.problem(
            "版番号",
            Bilingual::new(
                format!(
                    "{} に版 {} はありません（いまの版は {}）",
                    issue.id(),
                    row.version,
                    issue.version
                ),
                format!(
                    "{} never had version {} (it is at {})",
                    issue.id(),
                    row.version,
                    issue.version
                ),
            ),
            Bilingual::new(
                "版番号を書き出したときの値に戻すか、書き出し直してください",
                "put the exported version back, or export again",
            ),
        ));
        return Ok(());
    };
    notices(row, &base, out);
    merge(row, &base.human, issue, who, out);
    Ok(())
}

fn merge(row: &Row<'_>, base: &Human, issue: &Issue, who: Who<'_>, out: &mut Outcome) {
    let ours = restored(&row.human, base);
    let merged = three_way(base, &ours, &issue.human);
    for clash in merged.clashes {
        out.clashes
            .push((row.place(clash.title), issue.id(), clash));
    }
    let mut before = issue.clone();
    let to = merged.human.state;
    let fields = Human {
        state: issue.human.state,
        ..merged.human
    };
    let reason = if who.reason.is_empty() {
        "課題管理表の取込み"
    } else {
        who.reason
    };
    if fields != issue.human {
        let edit = Edit {
            human: fields,
            judgement: None,
            by: who.by,
            at: who.at,
            reason,
        };
        match edit.upon(issue) {
            Ok(change) => {
                before = change.as_ref().map_or(before, |c| c.after.clone());
                out.changes.extend(change);
            }
            Err(message) => {
                out.problems
                    .push(row.problem("課題内容", message, Bilingual::default()))
            }
        }
    }
    if to != issue.human.state {
        step(row, &before, to, who, out);
    }
}

fn step(row: &Row<'_>, before: &Issue, to: State, who: Who<'_>, out: &mut Outcome) {
    match move_to(before, Move { to, by: who.by, at: who.at, reason: who.reason }) {
        Ok(change) => out.changes.push(change),
        Err(message) => out.problems.push(row.problem(
            "対応状況",
            message,
            Bilingual::new(
                "課題管理表の対応状況を直すか、戻す理由を --reason で指定してください。何も取り込んでいません",
                "correct the state in the sheet, or give a reason with --reason; nothing was imported",
            ),
        )),
    }
}

/// A cell that still reads as it was exported means the text that it was exported from: line breaks and marks that a
/// cell cannot hold are not a change.
fn restored(sheet: &Human, base: &Human) -> Human {
    let keep = |cell: &str, was: &str| {
        if cell == exported_text(was) {
            was.to_owned()
        } else {
            cell.to_owned()
        }
    };
    Human {
        description: keep(&sheet.description, &base.description),
        impact: keep(&sheet.impact, &base.impact),
        assignee: keep(&sheet.assignee, &base.assignee),
        countermeasure: keep(&sheet.countermeasure, &base.countermeasure),
        result: keep(&sheet.result, &base.result),
        ..sheet.clone()
    }
}

/// Cells of the machine that people changed: said, and ignored.
fn notices(row: &Row<'_>, base: &Issue, out: &mut Outcome) {
    for (heading, get) in OWNED {
        let (seen, exported) = (row.text(heading), exported_text(&get(base)));
        if row.has(heading) && seen != exported {
            out.notices.push(row.problem(
                heading,
                Bilingual::new(
                    format!("「{exported}」から「{seen}」への変更は取り込みません（ツールの列です）"),
                    format!("the change from `{exported}` to `{seen}` is ignored: the column is the tool's"),
                ),
                Bilingual::default(),
            ));
        }
    }
}

fn finished(args: &IssuesArgs, outcome: &Outcome, lang: Lang) -> Result<u8, Trouble> {
    let mut ids: Vec<String> = outcome.changes.iter().map(|c| c.after.id()).collect();
    ids.dedup();
    let text = match args.format {
        TextOrJson::Json => format!(
            "{:#}\n",
            json!({
                "schema": "renkei.issues-import/v1", "imported": true, "issues": ids,
                "notices": outcome.notices, "conflicts": [],
            })
        ),
        TextOrJson::Text => {
            let mut text: String = outcome
                .notices
                .iter()
                .map(|n| format!("{}\n", n.show(lang)))
                .collect();
            let line = Bilingual::new(
                format!("{}件の課題を取り込みました {}", ids.len(), ids.join(" ")),
                format!("{} issues imported {}", ids.len(), ids.join(" ")),
            );
            text.push_str(&format!("{}\n", line.get(lang).trim_end()));
            text
        }
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

/// The three-way table: for people to decide, so nothing is imported.
fn conflicts(args: &IssuesArgs, outcome: &Outcome, lang: Lang) -> Result<u8, Trouble> {
    let text = match args.format {
        TextOrJson::Json => {
            let rows: Vec<Value> = outcome
                .clashes
                .iter()
                .map(|(place, id, c)| json!({ "place": place, "issue": id, "field": c.field, "base": c.base, "sheet": c.ours, "register": c.theirs }))
                .collect();
            format!(
                "{:#}\n",
                json!({
                    "schema": "renkei.issues-import/v1", "imported": false, "issues": [],
                    "notices": outcome.notices, "conflicts": rows,
                })
            )
        }
        TextOrJson::Text => table(outcome, lang),
    };
    screen::result(&text)?;
    Ok(exit::INCOMPLETE)
}

fn table(outcome: &Outcome, lang: Lang) -> String {
    let head = Bilingual::new(
        "書き出した後に課題管理簿でも変わった項目があるため、何も取り込んでいません",
        "fields were also changed in the register after the export, so nothing was imported",
    );
    let mut out = format!("{}\n", head.get(lang));
    let labels = Bilingual::new("書き出し時|表|課題管理簿", "exported|sheet|register");
    let labels: Vec<&str> = labels.get(lang).split('|').collect();
    for (place, id, clash) in &outcome.clashes {
        let field = Bilingual::new(clash.title, clash.field);
        out.push_str(&format!("{id}  {}  {place}\n", field.get(lang)));
        for (label, value) in labels.iter().zip([&clash.base, &clash.ours, &clash.theirs]) {
            let value = if value.is_empty() { "-" } else { value };
            out.push_str(&format!("  {label}: {value}\n"));
        }
    }
    let help = Bilingual::new(
        "issues export で書き出し直し、残す値を書いて取り込んでください",
        "export again, write down the values to keep, and import that",
    );
    out.push_str(&format!("{}\n", help.get(lang)));
    out
}
