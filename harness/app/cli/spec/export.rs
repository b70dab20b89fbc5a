//! `renkei spec export`: a layout or an API in the format of others.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::spec::{Layout, Library};
use renkei_report::spec_export;

use super::reference::{self, Named};
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `spec export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 様式またはAPI / PACK/LAYOUT or PACK/API
    pub part: String,
    /// 書式 / the format
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// レコード種別（table-schema） / record kind (table-schema)
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// 書き出すファイル / file to write
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Formats of `spec export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Frictionless Table Schema
    TableSchema,
    /// JSON Schema 2020-12 of a record
    JsonSchema,
    /// OpenAPI 3.0 (APIs)
    Openapi,
    /// COBOL-like listing (fixed-width)
    Copybook,
}

pub(super) fn run(args: &ExportArgs, library: &Library, lang: Lang) -> Result<u8, Trouble> {
    let named = reference::load(library, &args.part, "renkei spec export")?;
    let text = match args.format {
        ExportFormat::TableSchema => {
            let layout = layout(&named)?;
            let kind = kind(layout, args.kind.as_deref())?;
            pretty(&spec_export::table_schema(&named.pack, layout, kind))
        }
        ExportFormat::JsonSchema => pretty(&spec_export::json_schema(&named.pack, layout(&named)?)),
        ExportFormat::Openapi => {
            let api = named
                .pack
                .apis
                .get(&named.part)
                .ok_or_else(|| wrong("API", "an API"))?;
            pretty(&spec_export::openapi(&named.pack, api))
        }
        ExportFormat::Copybook => spec_export::copybook(&named.pack, layout(&named)?)
            .ok_or_else(|| wrong("固定長の様式", "a fixed-width layout"))?,
    };
    reference::write(args.out.as_deref(), text.as_bytes())?;
    if matches!(
        args.format,
        ExportFormat::TableSchema | ExportFormat::JsonSchema
    ) {
        let one = args.format == ExportFormat::TableSchema;
        let missing = spec_export::left_out(layout(&named)?, one);
        let missing: Vec<&str> = missing.iter().map(|what| what.get(lang)).collect();
        if !missing.is_empty() {
            let word = Bilingual::new("この書式に書けないもの", "what this format cannot say");
            screen::note(&format!("{}: {}", word.get(lang), missing.join(" / ")));
        }
    }
    Ok(exit::PASSED)
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

fn layout(named: &Named) -> Result<&Layout, Trouble> {
    named
        .pack
        .layouts
        .get(&named.part)
        .ok_or_else(|| wrong("様式", "a layout"))
}

fn wrong(ja: &str, en: &str) -> Trouble {
    Trouble::input(
        "renkei spec export",
        Bilingual::new(
            format!("この書式には{ja}が要ります"),
            format!("this format needs {en}"),
        ),
        Bilingual::new(
            "renkei spec list で名前を確かめてください",
            "see `renkei spec list` for the names",
        ),
    )
}

fn kind<'a>(layout: &'a Layout, asked: Option<&'a str>) -> Result<&'a str, Trouble> {
    let ids: Vec<&str> = layout.kinds.iter().map(|k| k.id.as_str()).collect();
    match (asked, ids.as_slice()) {
        (Some(id), all) if all.contains(&id) => Ok(id),
        (None, [only]) => Ok(only),
        _ => Err(Trouble::input(
            "--kind",
            Bilingual::new(
                "Table Schema は1つの表を表します。レコード種別を1つ選んでください",
                "a Table Schema describes one table; choose one record kind",
            ),
            Bilingual::new(
                format!("あるもの: {}", ids.join(" ")),
                format!("there are: {}", ids.join(" ")),
            ),
        )),
    }
}
