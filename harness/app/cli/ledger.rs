//! `renkei ledger`: the 受領・複製台帳 from run bundles and certificates; and the audit log beside them.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renkei_core::model::{Lang, exit};
use renkei_core::record::{AuditLine, Erasure, Event, LedgerRow, Transfer};
use renkei_report::custody::ledger_workbook;
use renkei_run::store::{Bundle, digest_of, write_file};
use renkei_run::{Clock, audit};

use super::relayed;
use crate::inputs::folder_of;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `ledger`.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// 何をするか / what to do
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// 台帳を表示する（タブ区切り） / print the ledger, tab separated
    List {
        /// 実施記録の置き場所 / folder of the runs
        #[arg(long, default_value = "reports/runs", value_name = "DIR")]
        runs: PathBuf,
    },
    /// 台帳をExcelファイルに書き出す / write the ledger as a workbook
    Export {
        /// 実施記録の置き場所 / folder of the runs
        #[arg(long, default_value = "reports/runs", value_name = "DIR")]
        runs: PathBuf,
        /// 書き出すファイル / the file
        #[arg(long, default_value = "daicho.xlsx", value_name = "FILE")]
        out: PathBuf,
        /// 実施者コード（監査記録に書かれる） / who does it, for the audit log
        #[arg(long, value_name = "CODE", default_value = "")]
        by: String,
    },
}

pub(super) fn run(args: &LedgerArgs, lang: Lang) -> Result<u8, Trouble> {
    match &args.action {
        Action::List { runs } => {
            for row in ledger(runs, lang)? {
                let copied = if row.copied { "copy" } else { "-" };
                let cells = [
                    &row.number,
                    &row.received_at,
                    &row.from,
                    &row.name,
                    &row.data_class,
                    &row.sha256,
                    copied,
                    &row.approval,
                    &row.erased_at,
                ];
                screen::result(&format!("{}\n", cells.join("\t")))?;
            }
        }
        Action::Export { runs, out, by } => {
            let rows = ledger(runs, lang)?;
            let named = runs.display().to_string();
            log(&beside(runs), "export", (by, &named, ""))?;
            write_file(out, &ledger_workbook(&rows)?)?;
            screen::result(&format!("{}\n", out.display()))?;
        }
    }
    Ok(exit::PASSED)
}

/// The folder that audit log and certificates are in: the one around the folder of runs.
pub(super) fn beside(runs: &Path) -> PathBuf {
    folder_of(runs)
}

/// Writes one line into the audit log; a command goes on only when it is written.
pub(super) fn log(
    folder: &Path,
    command: &str,
    (by, run, approval): (&str, &str, &str),
) -> Result<(), Trouble> {
    let line = AuditLine {
        at: Clock::system().text(),
        by: by.to_owned(),
        command: command.to_owned(),
        run: run.to_owned(),
        approval: approval.to_owned(),
    };
    Ok(audit(&folder.join("audit.jsonl"), &line)?)
}

/// Logs that values are shown by a command that has no run.
pub(crate) fn log_reveal_in(folder: &Path, told: (&str, &str, &str)) -> Result<(), Trouble> {
    log(folder, "reveal", told)
}

pub(super) fn log_reveal(runs: &Path, by: &str, run: &str, approval: &str) -> Result<(), Trouble> {
    log(&beside(runs), "reveal", (by, run, approval))
}

pub(super) fn log_export(bundle: &Bundle, by: &str) -> Result<(), Trouble> {
    let runs = folder_of(bundle.folder());
    let (_, approval) = about(bundle);
    log(
        &beside(&runs),
        "export",
        (by, &bundle.header().run, &approval),
    )
}

/// Lines of all bundles below a folder, then those of bundles that were erased. What is no bundle is told and left out.
fn ledger(runs: &Path, lang: Lang) -> Result<Vec<LedgerRow>, Trouble> {
    let mut rows = erased(&beside(runs).join("erasures"))?;
    let listed = std::fs::read_dir(runs).map_err(|e| Trouble::file(runs, &e))?;
    let mut folders: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|f| f.is_dir()) {
        match Bundle::open(folder) {
            Ok(bundle) => rows.extend(rows_of(&bundle)?),
            Err(error) => screen::note(&error.show(lang)),
        }
    }
    rows.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(rows)
}

/// Lines of certificates, with the day of erasure. Certificates that are not complete certify nothing.
fn erased(folder: &Path) -> Result<Vec<LedgerRow>, Trouble> {
    let Ok(listed) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    for path in listed.flatten().map(|entry| entry.path()) {
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|e| Trouble::file(&path, &e))?;
        let Ok(certificate) = serde_json::from_slice::<Erasure>(&bytes) else {
            continue;
        };
        if certificate.complete {
            rows.extend(certificate.ledger);
        }
    }
    Ok(rows)
}

/// Data class and approval that a bundle's plan names.
fn about(bundle: &Bundle) -> (String, String) {
    let undeclared = || ("undeclared".to_owned(), String::new());
    if relayed::is_one(bundle) {
        return relayed::told(bundle).map_or_else(
            |_| undeclared(),
            |(about, _)| (about.data_class, String::new()),
        );
    }
    let inputs = bundle.inputs().ok();
    let plan = inputs.and_then(|files| files.get("plan.toml").map(<[u8]>::to_vec));
    let plan = plan.and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(table) = plan.and_then(|text| toml::from_str::<toml::Table>(&text).ok()) else {
        return undeclared();
    };
    let word = |key: &str, other: &str| {
        let value = table.get(key).and_then(toml::Value::as_str);
        value.unwrap_or(other).to_owned()
    };
    (word("data_class", "undeclared"), word("approval", ""))
}

/// One line a file that a run received, and one an input of the operator (packs aside, which hold nobody's data).
pub(super) fn rows_of(bundle: &Bundle) -> Result<Vec<LedgerRow>, Trouble> {
    let run = bundle.header().run.clone();
    let (data_class, approval) = about(bundle);
    let mut rows = Vec::new();
    let row = |number: String, name: &str| LedgerRow {
        number,
        name: name.to_owned(),
        data_class: data_class.clone(),
        approval: approval.clone(),
        copied: true,
        ..LedgerRow::default()
    };
    for (number, (path, bytes)) in bundle.inputs()?.iter().enumerate() {
        if path.starts_with("packs/") {
            continue;
        }
        let kept = bundle.folder().join("inputs").join(path);
        rows.push(LedgerRow {
            received_at: bundle.header().created_at.clone(),
            from: "-".to_owned(),
            how: "inputs".to_owned(),
            place: format!("{run}/inputs/{path}"),
            sha256: digest_of(&kept)
                .map_err(|e| Trouble::file(&kept, &e))?
                .sha256,
            bytes: bytes.len() as u64,
            ..row(format!("{run}/IN-{:04}", number + 1), path)
        });
    }
    let mut exchanged = Vec::new();
    bundle.each_event(&mut |stamped| {
        if let Event::Exchanged(exchange) = stamped.event {
            exchanged.push(*exchange);
        }
        Ok(())
    })?;
    for exchange in exchanged {
        let place = |sha256: &str| format!("{run}/blobs/{sha256}");
        let mut add = |suffix: &str, name: &str, how: &str, blob: &renkei_core::record::Blob| {
            rows.push(LedgerRow {
                received_at: exchange.at.clone(),
                from: exchange.from.clone(),
                how: how.to_owned(),
                place: place(&blob.sha256),
                sha256: blob.sha256.clone(),
                bytes: blob.bytes,
                ..row(format!("{run}/{}{suffix}", exchange.log), name)
            });
        };
        match &exchange.transfer {
            Transfer::File(file) => {
                if let Some(content) = &file.content {
                    add("", &file.name, &file.place, content);
                }
            }
            Transfer::Http(http) => {
                if let Some(body) = &http.request.body {
                    add("/request", "request body", "HTTP", body);
                }
                if let Some(body) = http.response.as_ref().and_then(|r| r.body.as_ref()) {
                    add("/response", "response body", "HTTP", body);
                }
            }
        }
    }
    Ok(rows)
}
