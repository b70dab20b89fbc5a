//! `renkei issues export`: the register as kadai.xlsx.

use std::path::Path;

use renkei_core::issue::Issue;
use renkei_core::model::exit;
use renkei_report::{HistoryRow, Options, RegisterSnapshot, register_workbook};
use renkei_run::Clock;
use renkei_run::register::{Entry, Register};
use renkei_run::store::write_file;

use super::IssuesArgs;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(args: &IssuesArgs, out: &Path) -> Result<u8, Trouble> {
    let register = Register::open_existing(&args.register)?;
    let issues = register.read()?;
    let snapshot = RegisterSnapshot {
        issues: issues.issues.values().collect(),
        history: register.history(None)?.into_iter().map(row).collect(),
        at: Clock::system().text(),
    };
    write_file(out, &register_workbook(&snapshot, &Options::default())?)?;
    screen::result(&format!("{}\n", out.display()))?;
    Ok(exit::PASSED)
}

fn row(entry: Entry) -> HistoryRow {
    let what = renkei_core::issue::What::parse(&entry.what);
    let reason = match what {
        Some(what) if entry.reason.trim().is_empty() => what.word().ja,
        _ => entry.reason,
    };
    HistoryRow {
        issue: Issue::id_of(entry.number),
        at: entry.at,
        before: entry.from,
        after: entry.to,
        by: entry.by,
        reason,
    }
}
