//! `renkei probe`: a small file of contentious characters for a vendor's real exporter, and the name of the converter from
//! what came back.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renkei_core::encoding::fingerprint::{Converter, Wrote};
use renkei_core::encoding::{Duplicates, make_probe, read_probe};
use renkei_core::model::{Bilingual, Confidence, Lang, Problems, exit};
use renkei_report::text::columns;

use crate::trouble::Trouble;
use crate::{inputs, screen};

/// Arguments of `probe`.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// 何をするか / what to do
    #[command(subcommand)]
    pub action: ProbeAction,
}

/// What `probe` does.
#[derive(Debug, Subcommand)]
pub enum ProbeAction {
    /// 変換表の違いが出る文字を並べたUTF-8のファイルを作る / write the UTF-8 file for the exporter
    Make {
        /// 書き出すファイル / where it goes (default: standard output)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// 書き出されたShift_JISのファイルから変換プログラムを特定する / name the converter from what the exporter wrote
    Read {
        /// 相手の製品が書き出したファイル / what the exporter wrote
        file: PathBuf,
    },
}

pub(super) fn run(args: &ProbeArgs, lang: Lang) -> Result<u8, Trouble> {
    match &args.action {
        ProbeAction::Make { out: None } => {
            screen::result(&make_probe())?;
            Ok(exit::PASSED)
        }
        ProbeAction::Make { out: Some(out) } => make(out),
        ProbeAction::Read { file } => read(file, lang),
    }
}

fn make(out: &Path) -> Result<u8, Trouble> {
    fs::write(out, make_probe()).map_err(|error| Trouble::file(out, &error))?;
    Ok(exit::PASSED)
}

fn read(file: &Path, lang: Lang) -> Result<u8, Trouble> {
    let mut problems = Problems::new();
    let bytes = inputs::read(file, &mut problems).unwrap_or_default();
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    let reading = read_probe(&bytes);
    let label = |ja: &str, en: &str| Bilingual::new(ja, en).get(lang).to_owned();
    if reading.seen.is_empty() {
        return Err(Trouble::input(
            file.display().to_string(),
            Bilingual::new(
                "文字変換プローブの行が1つもありません",
                "it holds no line of the conversion probe",
            ),
            Bilingual::new(
                "renkei probe make で作ったファイルを、相手の製品に書き出させたものを渡します",
                "pass what the exporter made of the file of `renkei probe make`",
            ),
        ));
    }
    let lost = reading
        .seen
        .iter()
        .filter(|(_, w)| *w == Wrote::Lost)
        .count();
    let mut text = columns(&[
        vec![
            label("読めた行", "lines read"),
            reading.seen.len().to_string(),
        ],
        vec![
            label("ない行", "lines missing"),
            reading.missing.len().to_string(),
        ],
        vec![label("失われた文字", "characters lost"), lost.to_string()],
    ]);
    let found = &reading.identification;
    if reading.unconverted * 2 > reading.seen.len() {
        let what = Bilingual::new(
            "\n変換されていません（UTF-8のままです）。Shift_JISでの書き出しを通してください。\n",
            "\nNothing was converted (it is still UTF-8). Send it through an export in Shift_JIS.\n",
        );
        text.push_str(what.get(lang));
        screen::result(&text)?;
        return Ok(exit::INCOMPLETE);
    }
    let certain = found.confidence == Confidence::Certain;
    let heading = match (found.candidates.len(), certain) {
        (0, _) => label(
            "一致する変換プログラムはない。近いもの",
            "no converter agrees; nearest",
        ),
        (_, true) => label("変換プログラム（確実）", "converter (certain)"),
        _ => label("変換プログラム（候補）", "converter (candidates)"),
    };
    text.push_str(&format!("\n{heading}\n"));
    let rows = found.candidates.iter().map(|c| described(c, &[], lang));
    let near = found.nearest.iter().map(|(c, bad)| described(c, bad, lang));
    text.push_str(&columns(&rows.chain(near).collect::<Vec<_>>()));
    screen::result(&text)?;
    Ok(if certain {
        exit::PASSED
    } else {
        exit::INCOMPLETE
    })
}

/// Name, dialect, duplicates, and the characters on which it differs.
fn described(converter: &Converter, differs: &[char], lang: Lang) -> Vec<String> {
    let forms = converter.duplicates().map_or("-", |form| match form {
        Duplicates::Windows => "windows",
        Duplicates::NecSelected => "nec",
        Duplicates::Ibm => "ibm",
    });
    let dialect = converter.dialect().map_or("-", |d| d.name());
    let codes: Vec<String> = differs
        .iter()
        .map(|c| format!("U+{:04X}", u32::from(*c)))
        .collect();
    let differing = Bilingual::new(
        format!("違う文字 {}", codes.join(" ")),
        format!("differs on {}", codes.join(" ")),
    );
    vec![
        format!("  {}", converter.name),
        format!("dialect={dialect}"),
        format!("duplicates={forms}"),
        if codes.is_empty() {
            String::new()
        } else {
            differing.get(lang).to_owned()
        },
    ]
}
