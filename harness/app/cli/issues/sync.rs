//! `renkei issues sync`: findings of runs into the register.

use std::path::{Path, PathBuf};

use renkei_core::issue::{Change, What, sync};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::Clock;
use renkei_run::register::Register;
use renkei_run::store::Bundle;
use serde_json::{Value, json};

use super::super::args::TextOrJson;
use super::super::report::stored;
use super::IssuesArgs;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(args: &IssuesArgs, bundles: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let synced = bring_in(&args.register, bundles)?;
    let text = match args.format {
        TextOrJson::Json => format!(
            "{:#}\n",
            json!({ "schema": "renkei.issues-sync/v1", "runs": synced.iter().map(Synced::json).collect::<Vec<_>>() })
        ),
        TextOrJson::Text => synced.iter().map(|s| s.text(lang)).collect(),
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

/// What a run changed.
pub(in crate::cli) struct Synced {
    run: String,
    changes: Vec<Change>,
}

/// Takes runs over, each in one transaction. Every bundle is read before anything is written.
pub(in crate::cli) fn bring_in(
    register: &Path,
    bundles: &[PathBuf],
) -> Result<Vec<Synced>, Trouble> {
    let documents = bundles
        .iter()
        .map(|folder| {
            Bundle::open(folder)?;
            stored(folder)
        })
        .collect::<Result<Vec<_>, Trouble>>()?;
    let mut register = Register::open(register)?;
    let at = Clock::system().text();
    documents
        .iter()
        .map(|document| {
            let changes = register.change(|now| {
                let changes = sync(&now.register, document, &at);
                Ok::<_, Trouble>((changes.clone(), changes))
            })?;
            Ok(Synced {
                run: document.run.id.clone(),
                changes,
            })
        })
        .collect()
}

impl Synced {
    fn json(&self) -> Value {
        let changes: Vec<Value> = self
            .changes
            .iter()
            .map(|c| json!({ "issue": c.after.id(), "what": c.what.as_str(), "state": c.after.human.state.as_str(), "version": c.after.version }))
            .collect();
        json!({ "run": self.run, "changes": changes })
    }

    /// For people: a line with the numbers, then one line for each issue that asks for somebody.
    pub(in crate::cli) fn text(&self, lang: Lang) -> String {
        let count = |what| self.changes.iter().filter(|c| c.what == what).count();
        let (drafted, again) = (count(What::Drafted), count(What::SeenAgain));
        let (reopened, absent) = (count(What::Reopened), count(What::Absent));
        let line = Bilingual::new(
            format!(
                "{}: 起票案{drafted}件・再検出{again}件・再発{reopened}件・検出なし{absent}件",
                self.run
            ),
            format!(
                "{}: {drafted} drafted, {again} seen again, {reopened} reopened, {absent} not seen any more",
                self.run
            ),
        );
        let mut out = format!("{}\n", line.get(lang));
        for change in &self.changes {
            let proposed = change.what == What::Absent && change.after.proposed_approval;
            if proposed || matches!(change.what, What::Drafted | What::Reopened) {
                let what = change.what.word();
                let text = change
                    .after
                    .machine
                    .as_ref()
                    .map_or("", |m| m.message.get(lang));
                out.push_str(&format!(
                    "  {}  {}  {text}\n",
                    change.after.id(),
                    what.get(lang)
                ));
            }
        }
        out
    }
}
