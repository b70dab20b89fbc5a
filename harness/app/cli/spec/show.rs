//! `renkei spec show`: a layout or an API as people read it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::spec::Library;
use renkei_report::spec_show::{self, Requirement, Sheet};

use super::reference::{self, Named};
use crate::trouble::Trouble;

/// Arguments of `spec show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// 様式またはAPI / PACK, PACK/LAYOUT or PACK/API
    pub layout: String,
    /// 出力形式 / output format
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
    /// 書き出すファイル / file to write
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Formats of `spec show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// for people, on the terminal
    Text,
    /// a self-contained page
    Html,
    /// a workbook
    Xlsx,
    /// for programs
    Json,
}

pub(super) fn run(args: &ShowArgs, library: &Library, lang: Lang) -> Result<u8, Trouble> {
    let mut named = reference::load(library, &args.layout, "renkei spec show")?;
    if named.part.is_empty() {
        named.part = only_part(&named)?;
    }
    let bytes = match args.format {
        ShowFormat::Text => spec_show::text(&sheet(&named, lang)?).into_bytes(),
        ShowFormat::Json => spec_show::json(&sheet(&named, lang)?).into_bytes(),
        ShowFormat::Html => spec_show::page(&sheet(&named, lang)?, lang)?,
        ShowFormat::Xlsx => match named.pack.layouts.get(&named.part) {
            Some(layout) => spec_show::layout_workbook(&named.pack, layout)?,
            None => match named.pack.apis.get(&named.part) {
                Some(api) => spec_show::api_workbook(&named.pack, api)?,
                None => match named.pack.messages.get(&named.part) {
                    Some(message) => spec_show::message_workbook(message)?,
                    None => return Err(nothing(&named)),
                },
            },
        },
    };
    reference::write(args.out.as_deref(), &bytes)?;
    Ok(exit::PASSED)
}

fn sheet(named: &Named, lang: Lang) -> Result<Sheet, Trouble> {
    let requirements = requirements(named);
    let (pack, id) = (&named.pack, named.part.as_str());
    spec_show::layout(pack, id, &requirements, lang)
        .or_else(|| spec_show::api(pack, id, &requirements, lang))
        .or_else(|| spec_show::message(pack, id, &requirements, lang))
        .ok_or_else(|| nothing(named))
}

/// The part of a pack that has only one.
fn only_part(named: &Named) -> Result<String, Trouble> {
    let parts: Vec<&String> = named
        .pack
        .layouts
        .keys()
        .chain(named.pack.apis.keys())
        .chain(named.pack.messages.keys())
        .collect();
    match parts.as_slice() {
        [only] => Ok((*only).clone()),
        _ => Err(nothing(named)),
    }
}

fn nothing(named: &Named) -> Trouble {
    let pack = &named.pack;
    let parts = pack.layouts.keys().chain(pack.apis.keys());
    let parts = parts.chain(pack.messages.keys());
    let known = parts
        .map(|id| format!("{}/{id}", named.pack.head.id))
        .collect::<Vec<_>>()
        .join(", ");
    Trouble::input(
        "renkei spec show",
        Bilingual::new("様式かAPIを1つ選んでください", "choose one layout or API"),
        Bilingual::new(format!("あるもの: {known}"), format!("there are: {known}")),
    )
}

/// The requirements of the pack, in the columns that are shown.
fn requirements(named: &Named) -> Vec<Requirement> {
    let shown = named.pack.requirements.iter().map(|r| {
        [
            r.id.clone(),
            r.verb.as_str().to_owned(),
            r.party.clone(),
            r.clause.clone(),
            r.tested_by.join(" "),
            r.not_tested.clone(),
        ]
    });
    shown.collect()
}
