//! `renkei mutate`: variants of a conforming file with one defect each, named by the rule that must find it.

use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::check::Sink;
use renkei_core::generate::mutate;
use renkei_core::mask::Mask;
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::scan::{self, Job};
use renkei_core::spec::{Date, FileSettings, Layout, Library, Pack};
use renkei_run::Clock;

use crate::scratch::TempScratch;
use crate::trouble::Trouble;
use crate::{inputs, packs, screen};

/// Arguments of `mutate`.
#[derive(Debug, Args)]
pub struct MutateArgs {
    /// 様式に合うファイル / a conforming file (`renkei generate` makes one)
    pub file: PathBuf,
    /// 様式 / the layout: PACK/LAYOUT or PACK@VERSION/LAYOUT
    #[arg(long, value_name = "PACK/LAYOUT")]
    pub spec: String,
    /// 書き出し先のフォルダ / folder for the variants
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// 設定の上書き / override a setting of the layout, encoding=cp932
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// コードが有効であるべき日 / the day on which codes must be valid (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
}

pub(super) fn run(args: &MutateArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let found = super::check::find_layout(&library, &args.spec, "--spec", &mut problems);
    let Some((pack, id)) = found.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let Some(layout) = pack.layouts.get(&id) else {
        return Err(Trouble::Inputs(problems));
    };
    let settings = super::check::settings(layout.file.clone(), &args.settings)?;
    let as_of = super::spec_lint::day(args.as_of.as_deref(), &Clock::system().text())?;
    let name = args.file.display().to_string();
    let bytes = inputs::read(&args.file, &mut problems).ok_or(Trouble::Inputs(problems))?;
    let look = |bytes: &[u8]| raised(&pack, layout, &settings, as_of, bytes);
    let before = look(&bytes)?;
    if !before.is_empty() {
        return Err(Trouble::input(
            name,
            Bilingual::new(
                format!("元のファイルが様式に合いません（{}）", before.join(" ")),
                format!("the file does not conform itself: {}", before.join(" ")),
            ),
            Bilingual::new(
                "様式に合うファイルを渡します（renkei generate で作れます）",
                "give a conforming file; `renkei generate` makes one",
            ),
        ));
    }
    let help = Bilingual::new("様式に合うファイルを渡します", "give a conforming file");
    let variants = mutate(layout, &settings, &pack.code_lists, &bytes)
        .map_err(|message| Trouble::input(name, message, help))?;
    std::fs::create_dir_all(&args.out).map_err(|error| Trouble::file(&args.out, &error))?;
    let ending = args
        .file
        .extension()
        .map_or("dat".into(), |e| e.to_string_lossy());
    let mut missed = 0;
    for variant in &variants {
        let file = format!("fail-{}-{}.{ending}", variant.rule, plain(&variant.what));
        let path = Path::new(&args.out).join(&file);
        std::fs::write(&path, &variant.bytes).map_err(|error| Trouble::file(&path, &error))?;
        let found = look(&variant.bytes)?;
        let as_named = found.iter().any(|code| code == variant.rule)
            && found
                .iter()
                .all(|code| code == variant.rule || variant.also.contains(&code.as_str()));
        missed += usize::from(!as_named);
        let mark = if as_named { "ok" } else { "!!" };
        screen::result(&format!("{mark}  {file}  {}\n", found.join(" ")))?;
    }
    let told = Bilingual::new(
        format!(
            "変種 {}件、うち名前の規則だけを検出したもの {}件",
            variants.len(),
            variants.len() - missed
        ),
        format!(
            "{} variants, {} found under their own rule alone",
            variants.len(),
            variants.len() - missed
        ),
    );
    screen::note(told.get(lang));
    Ok(if missed == 0 {
        exit::PASSED
    } else {
        exit::TOOL_ERROR
    })
}

/// A part of a file name.
fn plain(what: &str) -> String {
    what.chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

fn raised(
    pack: &Pack,
    layout: &Layout,
    settings: &FileSettings,
    as_of: Date,
    bytes: &[u8],
) -> Result<Vec<String>, Trouble> {
    let scratch = TempScratch::new()?;
    // Levels of the layout do not matter here: a notice is found, too. The name of a variant follows no pattern.
    let mut nameless = layout.clone();
    nameless.name_pattern = None;
    let mut sink = Sink::default();
    let job = Job {
        layout: &nameless,
        settings,
        code_lists: &pack.code_lists,
        file_name: "variant",
        mask: Mask::default(),
        as_of,
        threads: 1,
        scratch: &scratch,
        occurrences: None,
    };
    scan::check(job, bytes, &mut sink)?;
    let mut codes: Vec<String> = sink.into_findings().into_iter().map(|f| f.rule).collect();
    codes.dedup();
    Ok(codes)
}
