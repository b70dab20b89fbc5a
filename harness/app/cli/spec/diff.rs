//! `renkei spec diff`: how two specifications differ, and whom each difference breaks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use renkei_core::compare::{Breaks, Change, Side, compare};
use renkei_core::model::{Lang, exit};
use renkei_core::spec::Library;
use renkei_report::spec_diff;

use super::reference::{self, Named};
use crate::trouble::Trouble;

/// Arguments of `spec diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// 旧 / the old one: PACK@VERSION, PACK/LAYOUT, PACK/API, a folder, or a document that `spec import` reads
    pub old: String,
    /// 新 / the new one
    pub new: String,
    /// 出力形式 / output format
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// 書き出すファイル / file to write
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Formats of `spec diff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// for people, on the terminal
    Text,
    /// for programs
    Json,
    /// a workbook
    Xlsx,
}

pub(super) fn run(args: &DiffArgs, library: &Library, lang: Lang) -> Result<u8, Trouble> {
    let old = reference::load(library, &args.old, "renkei spec diff OLD")?;
    let new = reference::load(library, &args.new, "renkei spec diff NEW")?;
    old.tell_gaps(&args.old, lang);
    new.tell_gaps(&args.new, lang);
    let (old, new) = (side(&old), side(&new));
    let changes = compare(old, new);
    let bytes = match args.format {
        DiffFormat::Text => spec_diff::text(old, new, &changes, lang).into_bytes(),
        DiffFormat::Json => spec_diff::json(old, new, &changes)?,
        DiffFormat::Xlsx => spec_diff::xlsx(old, new, &changes)?,
    };
    reference::write(args.out.as_deref(), &bytes)?;
    Ok(code(&changes))
}

fn side(named: &Named) -> Side<'_> {
    Side {
        pack: &named.pack,
        part: &named.part,
    }
}

/// 0: equal; 1: something breaks; 3: they differ and nothing breaks, so that somebody should look.
fn code(changes: &[Change]) -> u8 {
    if changes.is_empty() {
        exit::PASSED
    } else if changes.iter().any(|c| c.breaks != Breaks::None) {
        exit::NONCONFORMING
    } else {
        exit::INCOMPLETE
    }
}
