//! `renkei report --format seika,…`: office files over runs and the register, filled into templates where given.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use renkei_core::model::{Bilingual, Lang};
use renkei_core::record::ResultDocument;
use renkei_report::office::{Holidays, Kept, Meeting, OfficeFile, Source, document, render};
use renkei_report::{Options, docx};
use renkei_run::Clock;
use renkei_run::register::Register;
use renkei_run::store::write_file;

use crate::screen;
use crate::trouble::Trouble;

/// What only office files need.
#[derive(Debug, Args)]
pub struct OfficeArgs {
    /// 課題管理簿（seika などの課題の章に使う） / register whose issues the office files show
    #[arg(long, value_name = "FILE")]
    pub register: Option<PathBuf>,
    /// 月次報告の月（YYYY-MM。省略時は最後の実行の月） / month of the monthly report
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: Option<String>,
    /// 議事録の会議名 / name of the meeting of the minutes
    #[arg(long, value_name = "NAME")]
    pub meeting: Option<String>,
    /// 議事録の開催日。提出期限（3開庁日）を計算する / day of the meeting; the due date follows from it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub meeting_day: Option<Date>,
    /// 議事録の場所 / place of the meeting
    #[arg(long, value_name = "PLACE")]
    pub meeting_place: Option<String>,
    /// 祝日の表（CSV。1列目が日付） / table of holidays, a day in the first column (default: 2025 to 2027 of Japan)
    #[arg(long, value_name = "FILE")]
    pub holidays: Option<PathBuf>,
    /// 自分のひな形に差し込む（例 seika=hinagata.docx） / fill a template of your own
    #[arg(long, value_name = "FORMAT=FILE", value_parser = template)]
    pub template: Vec<(OfficeFile, PathBuf)>,
}

fn month(text: &str) -> Result<String, String> {
    format!("{text}-01")
        .parse::<Date>()
        .map(|_| text.to_owned())
        .map_err(|_| "YYYY-MM で書いてください（例 2026-11） / write it as YYYY-MM".to_owned())
}

fn template(text: &str) -> Result<(OfficeFile, PathBuf), String> {
    let known = || {
        OfficeFile::ALL
            .into_iter()
            .filter(|f| f.file_name().ends_with(".docx"))
    };
    let wrong = || {
        let words: Vec<&str> = known().map(OfficeFile::as_str).collect();
        format!(
            "形式=ファイル で書いてください（形式: {0}） / write FORMAT=FILE (formats: {0})",
            words.join(", ")
        )
    };
    let (word, file) = text.split_once('=').ok_or_else(wrong)?;
    let format = known().find(|f| f.as_str() == word).ok_or_else(wrong)?;
    Ok((format, PathBuf::from(file)))
}

/// Writes the files and gives back their paths.
pub(super) fn write(
    args: &OfficeArgs,
    files: &[OfficeFile],
    documents: &[ResultDocument],
    out: &Path,
    lang: Lang,
) -> Result<Vec<PathBuf>, Trouble> {
    let options = Options::default();
    let now = Clock::system().text();
    let source = Source {
        documents,
        issues: issues(args)?,
        now: &now,
        month: args.month.as_deref().unwrap_or_default(),
        meeting: Meeting {
            name: args.meeting.clone().unwrap_or_default(),
            day: args.meeting_day,
            place: args.meeting_place.clone().unwrap_or_default(),
        },
        holidays: holidays(args)?,
        kept: kept(files, out)?,
    };
    let mut paths = Vec::new();
    for file in files {
        let path = out.join(file.file_name());
        let template = args.template.iter().find(|(format, _)| format == file);
        let bytes = match (template, document(*file, &source, &options)) {
            (Some((_, template)), Some(document)) => filled(template, &document, lang)?,
            _ => render(*file, &source, &options)?.bytes,
        };
        write_file(&path, &bytes)?;
        paths.push(path);
    }
    Ok(paths)
}

fn issues(args: &OfficeArgs) -> Result<Option<Vec<renkei_core::issue::Issue>>, Trouble> {
    let Some(path) = &args.register else {
        return Ok(None);
    };
    let register = Register::open_existing(path)?.read()?;
    Ok(Some(register.issues.into_values().collect()))
}

fn holidays(args: &OfficeArgs) -> Result<Holidays, Trouble> {
    let Some(path) = &args.holidays else {
        return Ok(Holidays::default());
    };
    let bytes = std::fs::read(path).map_err(|error| Trouble::file(path, &error))?;
    Holidays::read(&bytes).ok_or_else(|| {
        Trouble::input(
            path.display().to_string(),
            Bilingual::new("日付で始まる行がありません", "no line begins with a day"),
            Bilingual::new(
                "1列目に 2026-11-23 または 2026/11/23 の形で日付を書いてください",
                "write days such as 2026-11-23 into the first column",
            ),
        )
    })
}

/// What people wrote into the workbooks that stand where the new ones go.
fn kept(files: &[OfficeFile], out: &Path) -> Result<Kept, Trouble> {
    let mut kept = Kept::default();
    for file in files {
        if !matches!(file, OfficeFile::Shinchoku | OfficeFile::Risk) {
            continue;
        }
        let path = out.join(file.file_name());
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Trouble::file(&path, &error)),
        };
        let name = path.display().to_string();
        let book = renkei_import::workbook::read(&name, &bytes).map_err(Trouble::Inputs)?;
        let Some(sheet) = book.sheets.first() else {
            continue;
        };
        let cells = |row: u32| -> Vec<String> {
            let width = sheet.row(1).map(|(at, _)| at.column).max().unwrap_or(0);
            let at = |column| renkei_import::workbook::At::new(row, column);
            (1..=width)
                .map(|column| sheet.text(at(column)).to_owned())
                .collect()
        };
        let rows: Vec<Vec<String>> = sheet.rows().filter(|row| *row > 1).map(cells).collect();
        kept.add(file.file_name(), &cells(1), &rows);
    }
    Ok(kept)
}

/// A template with the slots of a document; what did not fit is said.
fn filled(template: &Path, document: &docx::Document, lang: Lang) -> Result<Vec<u8>, Trouble> {
    let bytes = std::fs::read(template).map_err(|error| Trouble::file(template, &error))?;
    let name = template.display().to_string();
    let filled = docx::fill(&bytes, &document.slots())
        .map_err(|fault| Trouble::input(name.clone(), fault.what, fault.fix))?;
    if !filled.missing.is_empty() {
        let slots = filled.missing.join(", ");
        let note = Bilingual::new(
            format!("{name}: 次の枠がないため内容を入れていません: {slots}"),
            format!("{name}: no place for these slots, their content is left out: {slots}"),
        );
        screen::note(note.get(lang));
    }
    if !filled.unknown.is_empty() {
        let tags = filled.unknown.join(", ");
        let note = Bilingual::new(
            format!("{name}: renkei が知らない枠はそのまま残しました: {tags}"),
            format!("{name}: content controls that are none of ours stay as they are: {tags}"),
        );
        screen::note(note.get(lang));
    }
    Ok(filled.bytes)
}
