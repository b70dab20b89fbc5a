//! `renkei agree ambiguities`: where a standard can be read in several ways, and which of these two profiles show.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use renkei_core::agreement::{Grounds, ambiguities};
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::record::AmbiguityEntry;
use serde_json::json;

use super::{Pair, Scope, catalogue_of};
use crate::cli::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `agree ambiguities`.
#[derive(Debug, Args)]
pub struct AmbiguitiesArgs {
    /// 提供側の申告。省くと知られている曖昧をすべて示す / profile of the provider; without it all known ones are shown
    #[arg(requires = "b")]
    pub a: Option<PathBuf>,
    /// 利用側の申告 / profile of the consumer
    pub b: Option<PathBuf>,
    /// 何について比べるか / what is compared
    #[command(flatten)]
    pub scope: Scope,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

pub(super) fn run(args: &AmbiguitiesArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let found = match (&args.a, &args.b) {
        (Some(a), Some(b)) => {
            let pair = Pair::load(a, b, &args.scope, folders)?;
            let settled = pair.settle(&args.scope);
            let grounds = Grounds {
                settled: &settled,
                ..Grounds::default()
            };
            ambiguities(&pair.catalogue, grounds)
        }
        _ => {
            let mut problems = Problems::new();
            let catalogue = catalogue_of(&args.scope.items, folders, &mut problems);
            if !problems.is_empty() {
                return Err(Trouble::Inputs(problems));
            }
            let known = catalogue.ambiguities.iter();
            known.map(AmbiguityEntry::from).collect()
        }
    };
    screen::result(&match args.format {
        TextOrJson::Json => format!("{:#}\n", json!({ "ambiguities": found })),
        TextOrJson::Text => as_text(&found, lang),
    })?;
    Ok(exit::PASSED)
}

fn as_text(found: &[AmbiguityEntry], lang: Lang) -> String {
    if found.is_empty() {
        let none = Bilingual::new(
            "仕様の曖昧による食い違いはありません\n",
            "no disagreement over ambiguities\n",
        );
        return none.get(lang).to_owned();
    }
    let labels = Bilingual::new(
        "定めのないこと|読み方|出典|提案",
        "left open|reading|source|proposal",
    );
    let labels: Vec<&str> = labels.get(lang).split('|').collect();
    let label = |at: usize| labels.get(at).copied().unwrap_or_default();
    let mut text = String::new();
    for entry in found {
        let _ = writeln!(
            text,
            "{} {}  {}",
            entry.id,
            entry.title.get(lang),
            entry.item
        );
        let _ = writeln!(text, "  {}: {}", label(0), entry.silent.get(lang));
        for reading in &entry.readings {
            let by = match reading.used_by.as_slice() {
                [] => String::new(),
                by => format!("  [{}]", by.join(" ")),
            };
            let _ = writeln!(text, "  {}: {}{by}", label(1), reading.text.get(lang));
        }
        let _ = writeln!(text, "  {}: {}", label(2), entry.source);
        let _ = writeln!(text, "  {}: {}", label(3), entry.proposal.get(lang));
    }
    text
}
