//! `renkei erase`: deletes, verifies, certifies. Certificate draft → deletion → verification → certificate: at any moment a
//! crash leaves a document that says what was intended, and the command can be repeated.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::record::{ERASURE_SCHEMA, Erasure};
use renkei_report::custody::{erasure_document, erasure_page, erasure_text};
use renkei_run::Clock;
use renkei_run::erase::{Target, resumed, target};
use renkei_run::store::{Bundle, write_file};

use super::args::LangChoice;
use super::ledger;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `erase`.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// 消去する実施記録のフォルダまたはファイル / bundles and files to erase
    #[arg(required = true, value_name = "BUNDLE|FILE")]
    targets: Vec<PathBuf>,
    /// 実施記録の置き場所。この直下の実施記録だけを消去する / only bundles directly below are erased
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    runs: PathBuf,
    /// 消去証明書の書き出し先 / where the certificate goes (default: erasures beside the folder of runs)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 実施者コード / who does it
    #[arg(long, value_name = "CODE", default_value = "")]
    by: String,
    /// 立会者コード / who witnesses it
    #[arg(long, value_name = "CODE", default_value = "")]
    witness: String,
    /// 確認せずに消去する / do not ask
    #[arg(long)]
    yes: bool,
    /// 消去証明書の言語 / language of the certificate
    #[arg(long, value_enum, default_value_t = LangChoice::Ja)]
    report_lang: LangChoice,
}

pub(super) fn run(args: &EraseArgs, lang: Lang) -> Result<u8, Trouble> {
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| ledger::beside(&args.runs).join("erasures"));
    let begun = begun(&out, &args.targets);
    let mut targets = Vec::new();
    for given in &args.targets {
        targets.push(match &begun {
            Some((_, draft)) => resumed(given, &args.runs, &draft.files)?,
            None => target(given, &args.runs)?,
        });
    }
    certificate_survives(&out, &targets)?;
    confirm(args, &targets, lang)?;
    let clock = Clock::system();
    let (json, mut erasure) = match begun {
        Some(begun) => begun,
        None => {
            let erasure = draft(args, &targets, clock.text())?;
            (place(&out, &erasure), erasure)
        }
    };
    write(&json, &erasure, Lang::from(args.report_lang))?;
    ledger::log(
        &ledger::beside(&args.runs),
        "erase",
        (&args.by, &erasure.targets.join(" "), ""),
    )?;
    for target in &mut targets {
        target.delete();
    }
    erasure.complete = targets.iter().all(Target::is_gone);
    erasure.files = targets.iter().flat_map(|t| t.files.clone()).collect();
    let finished = clock.text();
    for row in &mut erasure.ledger {
        row.copied = !erasure.complete;
        if erasure.complete {
            row.erased_at.clone_from(&finished);
            row.erased_by.clone_from(&args.by);
        }
    }
    erasure.finished_at = finished;
    write(&json, &erasure, Lang::from(args.report_lang))?;
    screen::result(&erasure_text(&erasure, lang))?;
    screen::result(&format!("{}\n", json.display()))?;
    Ok(if erasure.complete {
        exit::PASSED
    } else {
        exit::TOOL_ERROR
    })
}

/// An erasure of these targets that was begun and not finished: its draft, and where it lies.
fn begun(out: &Path, targets: &[PathBuf]) -> Option<(PathBuf, Erasure)> {
    let wanted: Vec<String> = targets.iter().map(|t| t.display().to_string()).collect();
    let listed = std::fs::read_dir(out).ok()?.flatten();
    let mut drafts: Vec<(PathBuf, Erasure)> = listed
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter_map(|path| {
            let bytes = std::fs::read(&path).ok()?;
            let draft: Erasure = serde_json::from_slice(&bytes).ok()?;
            (!draft.complete && draft.targets == wanted).then_some((path, draft))
        })
        .collect();
    drafts.sort_by(|a, b| a.1.started_at.cmp(&b.1.started_at));
    drafts.pop()
}

/// Where the certificate of an erasure goes.
fn place(out: &Path, erasure: &Erasure) -> PathBuf {
    let stem: String = erasure
        .started_at
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    out.join(format!("shokyo_shomei-{stem}.json"))
}

/// JSON for programs, text, page and document for people, beside each other; the JSON last, since it alone counts.
fn write(json: &Path, erasure: &Erasure, lang: Lang) -> Result<(), Trouble> {
    write_file(
        &json.with_extension("txt"),
        erasure_text(erasure, lang).as_bytes(),
    )?;
    write_file(
        &json.with_extension("html"),
        erasure_page(erasure, lang).as_bytes(),
    )?;
    write_file(
        &json.with_extension("docx"),
        &erasure_document(erasure, lang)?,
    )?;
    let bytes = serde_json::to_vec_pretty(erasure).map_err(std::io::Error::from)?;
    write_file(json, &bytes)?;
    Ok(())
}

fn draft(args: &EraseArgs, targets: &[Target], started_at: String) -> Result<Erasure, Trouble> {
    let mut rows = Vec::new();
    for target in targets.iter().filter(|t| t.is_bundle) {
        rows.extend(ledger::rows_of(&Bundle::open(&target.given)?)?);
    }
    Ok(Erasure {
        schema: ERASURE_SCHEMA.to_owned(),
        started_at,
        by: args.by.clone(),
        witness: args.witness.clone(),
        targets: targets
            .iter()
            .map(|t| t.given.display().to_string())
            .collect(),
        files: targets.iter().flat_map(|t| t.files.clone()).collect(),
        ledger: rows,
        ..Erasure::default()
    })
}

/// A certificate inside of what is erased would be erased with it.
fn certificate_survives(out: &Path, targets: &[Target]) -> Result<(), Trouble> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let inside = targets
        .iter()
        .any(|t| whole(out).starts_with(whole(&t.given)));
    if !inside {
        return Ok(());
    }
    Err(Trouble::input(
        "--out",
        Bilingual::new(
            "証明書の書き出し先が消去の対象の中にあります",
            "the certificate would lie inside of what is erased",
        ),
        Bilingual::new("別のフォルダを指定します", "give another folder"),
    ))
}

/// Asks a person, or wants `--yes`.
fn confirm(args: &EraseArgs, targets: &[Target], lang: Lang) -> Result<(), Trouble> {
    if args.yes {
        return Ok(());
    }
    let files: usize = targets.iter().map(|t| t.files.len()).sum();
    let refused = || {
        Trouble::input(
            "renkei erase",
            Bilingual::new(
                "確認がないため消去していません",
                "not confirmed: nothing was erased",
            ),
            Bilingual::new("消去するには --yes を付けます", "add --yes to erase"),
        )
    };
    if !screen::can_ask() {
        return Err(refused());
    }
    let question = Bilingual::new(
        format!("{files}個のファイルを消去します。元に戻せません。続けるには yes と入力: "),
        format!("{files} files will be erased for good. Type yes to go on: "),
    );
    let mut error = anstream::stderr();
    error.write_all(question.get(lang).as_bytes())?;
    error.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim() == "yes" {
        Ok(())
    } else {
        Err(refused())
    }
}
