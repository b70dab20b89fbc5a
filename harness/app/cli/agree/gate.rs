//! `renkei agree gate`: may these two connect?

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::agreement::{Gate, GateAnswer, Now, Tested, Waived, gate};
use renkei_core::issue::Issue;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::record::ResultDocument;
use renkei_core::spec::Date;
use renkei_run::Clock;
use renkei_run::register::Register;

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
    /// 今の仕様パックの版（パック@版）。別の版での試験は「まだ」とする / version of a pack that holds now; a run by another one is not enough
    #[arg(long, value_name = "PACK@VERSION", value_parser = pack_version)]
    pub spec: Vec<(String, String)>,
    /// 課題管理簿。許容された逸脱を条件として認める / register of issues, for its accepted deviations
    #[arg(long, value_name = "FILE")]
    pub register: Option<PathBuf>,
    /// つなぐ予定の日（既定は今日）。この日に期限の切れているものを理由に挙げる / planned day of connecting (default: today)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub on: Option<String>,
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
    let waived = match &args.register {
        Some(path) => waivers(path)?,
        None => Vec::new(),
    };
    let today = Clock::system().text();
    let day = args.on.as_deref().or(today.get(..10)).unwrap_or_default();
    let now = Now {
        products: &products,
        packs: &args.spec,
        waived: &waived,
        day,
    };
    let gate = gate(&settled, &runs, &now);
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

fn pack_version(text: &str) -> Result<(String, String), String> {
    match text.split_once('@') {
        Some((id, version)) if !id.is_empty() && !version.is_empty() => {
            Ok((id.to_owned(), version.to_owned()))
        }
        _ => Err("PACK@VERSION, 例 jutogai-031@2023-09-29".to_owned()),
    }
}

fn day(text: &str) -> Result<String, String> {
    match Date::parse(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("YYYY-MM-DD, 例 2027-04-01".to_owned()),
    }
}

/// The accepted deviations of a register that is there.
fn waivers(path: &Path) -> Result<Vec<Waived>, Trouble> {
    let issues = Register::open_existing(path)?.read()?;
    let waived = |issue: &Issue| {
        Some(Waived {
            fingerprint: issue.fingerprint.clone(),
            issue: issue.id(),
            until: issue.waiver.as_ref()?.expires.clone(),
        })
    };
    Ok(issues.issues.values().filter_map(waived).collect())
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
            GateAnswer::Yes => Bilingual::new("条件", "condition"),
            GateAnswer::NotYet => Bilingual::new("未了", "not yet"),
        };
        let _ = writeln!(text, "  [{}] {}", mark.get(lang), reason.text.get(lang));
    }
    text
}
