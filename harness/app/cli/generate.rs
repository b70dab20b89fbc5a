//! `renkei generate`: a conforming synthetic file of a layout.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use renkei_core::generate::{Wish, generate, write};
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::spec::Library;
use renkei_run::Clock;

use crate::trouble::Trouble;
use crate::{packs, screen};

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// 様式 / the layout: PACK/LAYOUT or PACK@VERSION/LAYOUT
    #[arg(value_name = "PACK/LAYOUT")]
    pub spec: String,
    /// レコード数 / number of records (of the kind that repeats)
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub records: usize,
    /// 乱数の種。同じ種からは同じファイルができる / the same seed gives the same file
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// 設定の上書き / override a setting of the layout, encoding=cp932
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// 書き出し先（省くと標準出力） / where the file goes (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// コードが有効であるべき日 / the day on which codes must be valid (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
}

/// Most records that are made at a time; they stand in memory until their totals are known.
const MOST: usize = 1_000_000;

pub(super) fn run(args: &GenerateArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    if args.records > MOST {
        return Err(Trouble::input(
            "--records",
            Bilingual::new(
                format!("一度に作れるのは{MOST}件までです"),
                format!("at most {MOST} records are made at a time"),
            ),
            Bilingual::new("数を減らします", "ask for fewer"),
        ));
    }
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let found = super::check::find_layout(&library, &args.spec, "renkei generate", &mut problems);
    let Some((pack, id)) = found.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let Some(layout) = pack.layouts.get(&id) else {
        return Err(Trouble::Inputs(problems));
    };
    let settings = super::check::settings(layout.file.clone(), &args.settings)?;
    let wish = Wish {
        layout,
        settings: &settings,
        code_lists: &pack.code_lists,
        records: args.records,
        seed: args.seed,
        as_of: super::spec_lint::day(args.as_of.as_deref(), &Clock::system().text())?,
    };
    let help = Bilingual::new(
        "様式か --set、--records を確かめます",
        "see the layout, --set and --records",
    );
    let made = generate(&wish).and_then(|records| write(layout, &settings, &records));
    let bytes = made.map_err(|message| Trouble::input(&args.spec, message, help))?;
    match &args.out {
        Some(path) => {
            std::fs::write(path, &bytes).map_err(|error| Trouble::file(path, &error))?;
            let told = Bilingual::new(
                format!("{}: {}バイト（架空データ）", path.display(), bytes.len()),
                format!(
                    "{}: {} bytes of fictional data",
                    path.display(),
                    bytes.len()
                ),
            );
            screen::note(told.get(lang));
        }
        None => raw(&bytes)?,
    }
    Ok(exit::PASSED)
}

/// Bytes go out as they are: in whatever encoding, never as text.
fn raw(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
