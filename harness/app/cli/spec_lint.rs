//! `renkei spec lint`: packs judged by the rules about packs, as a result document.

use std::path::Path;

use clap::Args;
use renkei_core::judge::{LintRun, document_of_packs};
use renkei_core::lint::lint;
use renkei_core::model::{Bilingual, Lang, Problems};
use renkei_core::spec::{Date, Files, Library};
use renkei_report::Options;
use renkei_run::Clock;

use super::args::TextOrJson;
use super::report;
use crate::packs;
use crate::trouble::Trouble;

/// Arguments of `spec lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// 仕様パック（ID、ID@版、またはフォルダ。省くとすべて） / packs: ID, ID@VERSION or a folder with pack.toml; all when none is named
    #[arg(value_name = "PACK")]
    pub names: Vec<String>,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// 点検の基準日 / the day that validity of codes is judged by (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    /// 端末にすべての指摘を出す / print every finding
    #[arg(long)]
    pub all: bool,
}

pub(super) fn run(
    args: &LintArgs,
    library: &Library,
    mut problems: Problems,
    lang: Lang,
) -> Result<u8, Trouble> {
    let clock = Clock::system();
    let started_at = clock.text();
    let as_of = day(args.as_of.as_deref(), &started_at)?;
    let names = if args.names.is_empty() {
        library.coordinates()
    } else {
        args.names.clone()
    };
    let mut found = Vec::new();
    for name in &names {
        if let Some((name, files)) = find(name, library, &mut problems) {
            found.push(lint(files, &name, as_of));
        }
    }
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    let run = LintRun {
        started_at,
        finished_at: clock.text(),
        reproduce: format!("renkei spec lint {}", args.names.join(" "))
            .trim_end()
            .to_owned(),
    };
    let document = document_of_packs(found, run);
    let mut options = Options::default();
    if args.all {
        options.max_per_rule = 0;
    }
    report::tell(&document, args.format, options, lang)?;
    Ok(document.exit_code)
}

/// A pack by its coordinate, or a folder that is one: name for places, and files.
pub(super) fn find(
    name: &str,
    library: &Library,
    problems: &mut Problems,
) -> Option<(String, Files)> {
    let path = Path::new(name);
    if path.join("pack.toml").is_file() || (path.is_dir() && name.contains(['/', '\\', '.'])) {
        let name = name.trim_end_matches(['/', '\\']).to_owned();
        return Some((name, packs::folder(path, problems)));
    }
    match library.find(name, "renkei spec") {
        Ok(found) => Some(found),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The day of `--as-of`, or today.
pub(super) fn day(asked: Option<&str>, now: &str) -> Result<Date, Trouble> {
    let text = asked.unwrap_or(now.get(..10).unwrap_or_default());
    Date::parse(text).ok_or_else(|| {
        Trouble::input(
            "--as-of",
            Bilingual::new(
                format!("日付 {text} を読めません"),
                format!("{text} is not a date"),
            ),
            Bilingual::new("例: --as-of 2026-04-01", "for example --as-of 2026-04-01"),
        )
    })
}
