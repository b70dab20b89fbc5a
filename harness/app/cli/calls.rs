//! Calls that others wrote down become a recording; a recording becomes HAR.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::mask::without_individual_numbers;
use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::record::{Event, ForeignCall, RunFacts, Tool};
use renkei_import::{MAX_HAR, calls_of_openapi, read_har};
use renkei_run::Clock;
use renkei_run::foreign::{har_entry, keep_foreign};
use renkei_run::relay::Secrets;
use renkei_run::store::{Bundle, Tape};

use super::{relayed, replay};
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 実施記録のフォルダ / folder of the run
    bundle: PathBuf,
    /// 形式（HAR 1.2） / format
    #[arg(long, value_parser = ["har"], default_value = "har")]
    format: String,
    /// 書き出すファイル / the file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 本文も含める（架空データの記録だけ） / with bodies; only for fictional data
    #[arg(long)]
    with_bodies: bool,
    /// 実施者コード（監査記録に書かれる） / who does it, for the audit log
    #[arg(long, value_name = "CODE", default_value = "")]
    by: String,
}

pub(super) fn export(args: &ExportArgs, lang: Lang) -> Result<u8, Trouble> {
    let bundle = Bundle::open(&args.bundle)?;
    if args.with_bodies && data_class(&bundle) != "fictional" {
        return Err(Trouble::PersonalData(Bilingual::new(
            "本文を書き出せるのは、架空データ（data_class = \"fictional\"）の記録だけです。",
            "Bodies are exported only from recordings of fictional data (data_class = \"fictional\").",
        )));
    }
    super::ledger::log_export(&bundle, &args.by)?;
    let file = std::fs::File::create(&args.out).map_err(|e| Trouble::file(&args.out, &e))?;
    let mut out = BufWriter::new(file);
    let version = env!("CARGO_PKG_VERSION");
    write!(
        out,
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"renkei\",\"version\":\"{version}\"}},\"entries\":["
    )?;
    let mut count = 0_u64;
    let mut failed: Option<std::io::Error> = None;
    bundle.each_event(&mut |stamped| {
        let Event::Exchanged(exchange) = stamped.event else {
            return Ok(());
        };
        let Some(entry) = har_entry(&bundle, &exchange, args.with_bodies)? else {
            return Ok(());
        };
        let comma = if count > 0 { "," } else { "" };
        count += 1;
        let entry = entry.to_string();
        // Bodies of fictional data stay as they are; in addresses and headers no number is shown.
        let entry = match args.with_bodies {
            true => entry.as_str().into(),
            false => without_individual_numbers(&entry),
        };
        if let Err(error) = write!(out, "{comma}\n{entry}") {
            failed.get_or_insert(error);
        }
        Ok(())
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    writeln!(out, "\n]}}}}")?;
    out.flush()?;
    let told = Bilingual::new(
        format!("{count}件を書き出しました"),
        format!("{count} exchanges written"),
    );
    screen::note(told.get(lang));
    screen::result(&format!("{}\n", args.out.display()))?;
    Ok(exit::PASSED)
}

/// The class of a recording's data (データ区分), as its plan, its relay or its replay were told; `undeclared` where nothing
/// says it: it may then be anything.
pub(super) fn data_class(bundle: &Bundle) -> String {
    let files = bundle.inputs().unwrap_or_default();
    let relayed = relayed::is_one(bundle).then(|| relayed::told(bundle).ok());
    let told = relayed.flatten().map(|(about, _)| about.data_class);
    let of_plan = || {
        let text = std::str::from_utf8(files.get("plan.toml")?).ok()?;
        let plan = toml::from_str::<toml::Table>(text).ok()?;
        plan.get("data_class")?.as_str().map(str::to_owned)
    };
    let of_replay = || {
        let told: serde_json::Value = serde_json::from_slice(files.get(replay::TOLD)?).ok()?;
        told.get("data_class")?.as_str().map(str::to_owned)
    };
    let found = told.or_else(of_plan).or_else(of_replay);
    found.unwrap_or_else(|| UNDECLARED.to_owned())
}

/// The class of data of which nobody said anything.
pub(super) const UNDECLARED: &str = "undeclared";

/// Makes a recording of a HAR file or of the examples of an OpenAPI document; gives its folder.
pub(super) fn import(file: &Path, out: &Path) -> Result<PathBuf, Trouble> {
    let size = std::fs::metadata(file)
        .map_err(|e| Trouble::file(file, &e))?
        .len();
    if size > MAX_HAR as u64 {
        return Err(Trouble::file(
            file,
            &std::io::Error::other(format!("> {MAX_HAR} bytes")),
        ));
    }
    let bytes = std::fs::read(file).map_err(|e| Trouble::file(file, &e))?;
    let calls = read(file, bytes)?;
    let mut tape = Tape::create(out, Tool::this(), &Clock::system())?;
    tape.event(Event::RunStarted(RunFacts {
        id: tape.id().to_owned(),
        tool: Tool::this(),
        packs: Vec::new(),
        variables: [("imported".to_owned(), file.display().to_string())].into(),
    }))?;
    let mut secrets = Secrets::default();
    for call in calls {
        keep_foreign(&mut tape, &mut secrets, call)?;
    }
    tape.event(Event::RunEnded { interrupted: false })?;
    tape.finish()?;
    Ok(tape.folder().to_owned())
}

fn read(file: &Path, bytes: Vec<u8>) -> Result<Vec<ForeignCall>, Trouble> {
    let name = file.display().to_string();
    let mut problems = Problems::new();
    let is_har = memchr_har(&bytes);
    let calls = if is_har {
        read_har(&name, &bytes, &mut problems)
    } else {
        let spec = super::relayed::Specification::of_document(&name, bytes)?;
        let (calls, without) = spec
            .api
            .map(|api| calls_of_openapi(&api.document))
            .unwrap_or_default();
        if !without.is_empty() {
            screen::note(
                &Bilingual::new(
                    format!("例がそろわない操作は除きました: {}", without.join(", ")),
                    format!("left out for want of examples: {}", without.join(", ")),
                )
                .ja,
            );
        }
        calls
    };
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    if calls.is_empty() {
        return Err(Trouble::input(
            name,
            Bilingual::new("呼出しが1つもありません", "there is no call in it"),
            Bilingual::new(
                "HTTPの通信を含むHARか、例（example）のあるOpenAPI文書を指定してください",
                "give a HAR file with HTTP traffic or an OpenAPI document with examples",
            ),
        ));
    }
    Ok(calls)
}

/// A HAR file names its log at the beginning; an OpenAPI document its version.
fn memchr_har(bytes: &[u8]) -> bool {
    let start = bytes.get(..4096.min(bytes.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(start);
    text.contains("\"log\"") && !text.contains("\"openapi\"")
}
