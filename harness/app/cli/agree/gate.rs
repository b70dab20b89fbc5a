//! `renkei agree gate`: may these two connect?

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::agreement::{Gate, GateAnswer, Tested, gate};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::record::ResultDocument;

use super::{Pair, Scope};
use crate::cli::args::TextOrJson;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `agree gate`.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// 提供側の申告 / profile of the provider
    pub a: PathBuf,
    /// 利用側の申告 / profile of the consumer
    pub b: PathBuf,
    /// 何について比べるか / what is compared
    #[command(flatten)]
    pub scope: Scope,
    /// 実施記録の置き場所 / folder with run bundles
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    pub runs: PathBuf,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Largest result document that is read, in bytes.
const MAX_DOCUMENT: u64 = 256 * 1024 * 1024;

pub(super) fn run(args: &GateArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    let pair = Pair::load(&args.a, &args.b, &args.scope, folders)?;
    let settled = pair.settle(&args.scope);
    let products = pair.products();
    let mut runs = Vec::new();
    for path in result_documents(&args.runs)? {
        let document = read(&path)?;
        runs.extend(Tested::of(&document, &products[0].0, &products[1].0));
    }
    let gate = gate(&settled, &runs, &products);
    let text = match args.format {
        TextOrJson::Json => format!(
            "{:#}\n",
            serde_json::to_value(&gate).map_err(std::io::Error::from)?
        ),
        TextOrJson::Text => as_text(&gate, lang),
    };
    screen::result(&text)?;
    Ok(match gate.answer {
        GateAnswer::Yes => exit::PASSED,
        GateAnswer::NotYet => exit::INCOMPLETE,
        GateAnswer::No => exit::NONCONFORMING,
    })
}

/// `reports/result.json` of every bundle in the folder, in the order of their names. A folder that is not there holds none.
fn result_documents(runs: &Path) -> Result<Vec<PathBuf>, Trouble> {
    if !runs.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(runs).map_err(|error| Trouble::file(runs, &error))?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path().join("reports").join("result.json"))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<ResultDocument, Trouble> {
    let size = std::fs::metadata(path)
        .map_err(|error| Trouble::file(path, &error))?
        .len();
    let bytes = match size > MAX_DOCUMENT {
        true => Err(std::io::Error::other(format!(
            "larger than {MAX_DOCUMENT} bytes"
        ))),
        false => std::fs::read(path),
    };
    let bytes = bytes.map_err(|error| Trouble::file(path, &error))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Trouble::input(
            path.display().to_string(),
            Bilingual::new(
                format!("結果文書（renkei.result/v1）として読めません: {error}"),
                format!("not a result document (renkei.result/v1): {error}"),
            ),
            Bilingual::new(
                "`renkei report 実施記録` で作り直してください",
                "make it again with `renkei report BUNDLE`",
            ),
        )
    })
}

fn as_text(gate: &Gate, lang: Lang) -> String {
    let answer = match gate.answer {
        GateAnswer::Yes => Bilingual::new("つないでよい", "yes, they may connect"),
        GateAnswer::NotYet => Bilingual::new("まだつなげない", "not yet"),
        GateAnswer::No => Bilingual::new("つなげない", "no"),
    };
    let mut text = format!("{}\n", answer.get(lang));
    for reason in &gate.reasons {
        let mark = match reason.answer {
            GateAnswer::No => Bilingual::new("不可", "no"),
            _ => Bilingual::new("未了", "not yet"),
        };
        let _ = writeln!(text, "  [{}] {}", mark.get(lang), reason.text.get(lang));
    }
    text
}
