//! `renkei issues export`: the register as kadai.xlsx.

use std::path::Path;

use renkei_core::issue::{self, Issue};
use renkei_core::model::{Lang, exit};
use renkei_report::{HistoryRow, Options, RegisterSnapshot, register_workbook};
use renkei_run::Clock;
use renkei_run::register::{Entry, Register};
use renkei_run::store::write_file;

use super::super::report_template;
use super::IssuesArgs;
use crate::screen;
use crate::trouble::Trouble;

/// A register as it was read, for reports.
pub(crate) struct RegisterContent {
    issues: issue::Register,
    history: Vec<Entry>,
}

impl RegisterContent {
    /// Reads a register that is there.
    pub(crate) fn read(path: &Path) -> Result<Self, Trouble> {
        let register = Register::open_existing(path)?;
        Ok(Self {
            issues: register.read()?,
            history: register.history(None)?,
        })
    }

    /// As of now.
    pub(crate) fn snapshot(&self) -> RegisterSnapshot<'_> {
        RegisterSnapshot {
            issues: self.issues.issues.values().collect(),
            history: self.history.iter().cloned().map(row).collect(),
            at: Clock::system().text(),
        }
    }
}

pub(super) fn run(
    args: &IssuesArgs,
    out: &Path,
    template: Option<&Path>,
    lang: Lang,
) -> Result<u8, Trouble> {
    let content = RegisterContent::read(&args.register)?;
    let mut bytes = register_workbook(&content.snapshot(), &Options::default())?;
    if let Some(template) = template {
        bytes = report_template::workbook(template, "kadai", &bytes, lang)?;
    }
    write_file(out, &bytes)?;
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
