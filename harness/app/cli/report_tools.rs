//! `renkei report diff` and `renkei report baseline`: an earlier run as the measure of a later one.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use renkei_core::baseline::{self, Baseline};
use renkei_core::model::{Lang, exit};
use renkei_core::record::ResultDocument;
use renkei_report::run_diff;
use renkei_run::store::write_file;

use super::report;
use crate::screen;
use crate::trouble::Trouble;

/// What `report` does besides rendering.
#[derive(Debug, Subcommand)]
pub enum ReportAction {
    /// 2つの実施結果の違い（新規・変化・解消・再実施なし） / what is new, changed, resolved or not run again
    Diff(DiffArgs),
    /// 既知の指摘の基準ファイルを作る / make a baseline file of the findings of a run
    Baseline(BaselineArgs),
}

/// Arguments of `report diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// 前の実施記録（フォルダまたは result.json） / the first run: bundle or result.json
    pub before: PathBuf,
    /// 後の実施記録 / the second run
    pub after: PathBuf,
    /// 出力形式 / output format
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// 書き出し先（省略時は標準出力） / where it goes (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Formats of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// for people
    Text,
    /// for programs
    Json,
    /// a page
    Html,
}

/// Arguments of `report baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// 実施記録（フォルダまたは result.json） / the run: bundle or result.json
    pub bundle: PathBuf,
    /// 書き出し先 / where it goes
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

pub(super) fn run(action: &ReportAction, lang: Lang) -> Result<u8, Trouble> {
    match action {
        ReportAction::Diff(args) => diff(args, lang),
        ReportAction::Baseline(args) => make_baseline(args),
    }
}

fn diff(args: &DiffArgs, lang: Lang) -> Result<u8, Trouble> {
    let found = baseline::diff(
        &report::stored(&args.before)?,
        &report::stored(&args.after)?,
    );
    let text = match args.format {
        DiffFormat::Text => run_diff::text(&found, lang),
        DiffFormat::Json => run_diff::json(&found)?,
        DiffFormat::Html => String::from_utf8_lossy(&run_diff::html(&found, lang)?).into_owned(),
    };
    match &args.out {
        Some(path) => write_file(path, text.as_bytes())?,
        None => screen::result(&text)?,
    }
    Ok(exit::PASSED)
}

fn make_baseline(args: &BaselineArgs) -> Result<u8, Trouble> {
    let made = Baseline::of(&report::stored(&args.bundle)?);
    let mut bytes = serde_json::to_vec_pretty(&made).map_err(std::io::Error::from)?;
    bytes.push(b'\n');
    write_file(&args.out, &bytes)?;
    screen::result(&format!("{}\n", args.out.display()))?;
    Ok(exit::PASSED)
}

/// The baseline file of `--baseline` with its bytes; read before anything runs, so that a wrong one costs no test time.
pub(super) fn read_baseline(path: Option<&Path>) -> Result<Option<(Baseline, Vec<u8>)>, Trouble> {
    let Some(path) = path else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|error| Trouble::file(path, &error))?;
    match Baseline::read(&path.display().to_string(), &bytes) {
        Ok(read) => Ok(Some((read, bytes))),
        Err(problem) => {
            let problems = vec![problem];
            Err(Trouble::Inputs(problems))
        }
    }
}

/// Leaves the findings of a baseline out of the verdict.
pub(super) fn apply_baseline(document: &mut ResultDocument, known: Option<&(Baseline, Vec<u8>)>) {
    if let Some((known, _)) = known {
        baseline::apply(document, known);
    }
}
