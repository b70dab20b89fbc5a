//! `renkei deliver`: the list of a delivery's files, and whether the delivery may go out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_import::workbook::{At, Sheet, read};
use renkei_report::delivery::{
    DELIVERY_LIST, DeliveryRow, VIRUS_CHECK, delivery_workbook, figures_of, package_is_whole,
    runs_of,
};
use renkei_run::Clock;
use renkei_run::store::{digest_of, write_file};

use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `deliver`.
#[derive(Debug, Args)]
pub struct DeliverArgs {
    /// 納品するファイルのフォルダー / folder with the files to deliver
    folder: PathBuf,
    /// 納品できるか確かめる。一覧は書き換えない / check that it may go out; the list is not rewritten
    #[arg(long = "final")]
    last: bool,
}

/// A reason why the delivery may not go out.
struct Fault {
    file: String,
    what: Bilingual,
}

impl Fault {
    fn new(file: &str, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            what: Bilingual::new(ja, en),
        }
    }
}

pub(super) fn run(args: &DeliverArgs, lang: Lang) -> Result<u8, Trouble> {
    let list = args.folder.join(DELIVERY_LIST);
    let known = known(&list)?;
    let (files, mut faults) = contents(&args.folder)?;
    if args.last {
        against_the_list(&files, &known, &mut faults);
    } else {
        let now = Clock::system().text();
        let rows: Vec<DeliveryRow> = files.iter().map(|f| listed(f, &known, &now)).collect();
        write_file(&list, &delivery_workbook(&rows)?)?;
        screen::result(&format!("{}\n", list.display()))?;
    }
    let mut text = String::new();
    for fault in &faults {
        text.push_str(&format!("{}  {}\n", fault.file, fault.what.get(lang)));
    }
    let total = Bilingual::new(
        format!("{}件のファイル  問題 {}件", files.len(), faults.len()),
        format!("{} files  {} problems", files.len(), faults.len()),
    );
    text.push_str(&format!("{}\n", total.get(lang)));
    screen::result(&text)?;
    Ok(if faults.is_empty() && !files.is_empty() {
        exit::PASSED
    } else {
        exit::INCOMPLETE
    })
}

/// The files below the folder by path, and what is wrong with them themselves.
fn contents(folder: &Path) -> Result<(Vec<DeliveryRow>, Vec<Fault>), Trouble> {
    let mut paths = Vec::new();
    below(folder, "", &mut paths)?;
    paths.sort();
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let (mut figures, mut sources) = (Vec::new(), Vec::new());
    for file in paths {
        if file == DELIVERY_LIST {
            continue;
        }
        let path = folder.join(&file);
        let bytes = std::fs::read(&path).map_err(|e| Trouble::file(&path, &e))?;
        faults.extend(name_fault(&file));
        let office = file.ends_with(".xlsx") || file.ends_with(".docx");
        if office && !package_is_whole(&bytes) {
            faults.push(Fault::new(
                &file,
                "開けません（壊れたファイル）",
                "does not open: the file is broken",
            ));
        }
        let first = match file.ends_with(".xlsx") {
            true => read(&file, &bytes)
                .ok()
                .and_then(|book| book.sheets.into_iter().next()),
            false => None,
        };
        if file.ends_with("zuhyo_motodata.xlsx") {
            sources.extend(first.iter().flat_map(column_of_numbers));
        }
        if file.ends_with(".docx") {
            figures.extend(
                figures_of(&bytes)
                    .into_iter()
                    .map(|number| (file.clone(), number)),
            );
        }
        let rows_of = |sheet: &Sheet| u64::from(sheet.last_row().saturating_sub(1));
        rows.push(DeliveryRow {
            title: title(&file),
            rows: first.as_ref().map(rows_of),
            bytes: bytes.len() as u64,
            runs: runs_of(&file, &bytes),
            sha256: digest_of(&path)
                .map_err(|e| Trouble::file(&path, &e))?
                .sha256,
            file,
            ..DeliveryRow::default()
        });
    }
    for (file, number) in figures {
        if !sources.contains(&number) {
            faults.push(Fault::new(
                &file,
                format!("{number} の元データが zuhyo_motodata.xlsx にありません"),
                format!("{number} has no source data in zuhyo_motodata.xlsx"),
            ));
        }
    }
    Ok((rows, faults))
}

fn below(folder: &Path, prefix: &str, out: &mut Vec<String>) -> Result<(), Trouble> {
    let entries = std::fs::read_dir(folder).map_err(|e| Trouble::file(folder, &e))?;
    for entry in entries {
        let entry = entry.map_err(|e| Trouble::file(folder, &e))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Links are not followed: they would bring files in from elsewhere.
        let kind = entry.file_type().map_err(|e| Trouble::file(folder, &e))?;
        if kind.is_dir() {
            below(&entry.path(), &format!("{name}/"), out)?;
        } else {
            out.push(name);
        }
    }
    Ok(())
}

/// Names have to work on Windows and macOS.
fn name_fault(file: &str) -> Option<Fault> {
    let bad = |part: &str| {
        part.ends_with(['.', ' '])
            || part.contains(|c: char| "\\:*?\"<>|\u{fffd}".contains(c) || c.is_control())
    };
    let wrong = file.chars().count() > 180 || file.split('/').any(bad);
    wrong.then(|| {
        Fault::new(
            file,
            "WindowsとmacOSで使えない名前です（\\ : * ? \" < > | 、末尾の点と空白、180文字超）",
            "the name does not work on Windows and macOS",
        )
    })
}

fn title(file: &str) -> String {
    let titles = [
        ("seika.docx", "成果報告書"),
        ("getsuji.docx", "月次の進捗報告書"),
        ("gijiroku.docx", "議事録"),
        ("shinchoku.xlsx", "進捗管理表"),
        ("kadai.xlsx", "課題管理表"),
        ("risk.xlsx", "リスク管理表"),
        ("matrix.xlsx", "組合せと連携の判定"),
        ("zuhyo_motodata.xlsx", "図表元データ"),
        ("kyogi_shogo.xlsx", "協議事項照合表"),
    ];
    let name = file.rsplit('/').next().unwrap_or(file);
    let known = titles.into_iter().find(|(known, _)| *known == name);
    known.map_or_else(|| name.to_owned(), |(_, title)| title.to_owned())
}

fn column_of_numbers(sheet: &Sheet) -> Vec<String> {
    let column = sheet
        .find_in_row(1, &["図表番号"])
        .into_iter()
        .flatten()
        .next();
    let numbers = |column| {
        let rows = sheet.rows().filter(|row| *row > 1);
        rows.map(|row| sheet.text(At::new(row, column)).to_owned())
            .collect()
    };
    column.map(numbers).unwrap_or_default()
}

/// What the list says so far, by file.
fn known(list: &Path) -> Result<BTreeMap<String, DeliveryRow>, Trouble> {
    let bytes = match std::fs::read(list) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Trouble::file(list, &error)),
    };
    let book = read(&list.display().to_string(), &bytes).map_err(Trouble::Inputs)?;
    let Some(sheet) = book.sheets.first() else {
        return Ok(BTreeMap::new());
    };
    let [a, b, c] = VIRUS_CHECK;
    let headings = [
        "ファイル名",
        "成果物名",
        "SHA-256",
        "機密区分",
        "一覧の作成日時",
        a,
        b,
        c,
    ];
    let columns = sheet.find_in_row(1, &headings);
    let rows = sheet.rows().filter(|row| *row > 1).map(|row| {
        let at = |n: usize| {
            let column = columns.get(n).copied().flatten();
            column.map_or_else(String::new, |c| {
                sheet.text(At::new(row, c)).trim().to_owned()
            })
        };
        let known = DeliveryRow {
            file: at(0),
            title: at(1),
            sha256: at(2),
            class: at(3),
            made_at: at(4),
            check: [at(5), at(6), at(7)],
            ..DeliveryRow::default()
        };
        (known.file.clone(), known)
    });
    Ok(rows.collect())
}

/// A row with what people wrote into the list before. A virus check of other bytes is none: a file that changed loses it.
fn listed(file: &DeliveryRow, known: &BTreeMap<String, DeliveryRow>, now: &str) -> DeliveryRow {
    let mut row = file.clone();
    now.clone_into(&mut row.made_at);
    let Some(before) = known.get(&file.file) else {
        return row;
    };
    if !before.title.is_empty() {
        row.title.clone_from(&before.title);
    }
    row.class.clone_from(&before.class);
    if before.sha256 == row.sha256 {
        row.check.clone_from(&before.check);
        row.made_at.clone_from(&before.made_at);
    }
    row
}

fn against_the_list(
    files: &[DeliveryRow],
    known: &BTreeMap<String, DeliveryRow>,
    faults: &mut Vec<Fault>,
) {
    for file in files {
        let Some(listed) = known.get(&file.file) else {
            let told = (
                "納品一覧にありません。renkei deliver で一覧を作り直してください",
                "is not in the list: make it again by `renkei deliver`",
            );
            faults.push(Fault::new(&file.file, told.0, told.1));
            continue;
        };
        if listed.sha256 != file.sha256 {
            let told = (
                "納品一覧を作った後に内容が変わりました。一覧を作り直し、検疫をやり直してください",
                "changed after the list was made: make the list again and repeat the virus check",
            );
            faults.push(Fault::new(&file.file, told.0, told.1));
            continue;
        }
        let empty = VIRUS_CHECK
            .iter()
            .zip(&listed.check)
            .filter(|(_, value)| value.is_empty());
        let empty: Vec<&str> = empty.map(|(heading, _)| *heading).collect();
        if !empty.is_empty() {
            let empty = empty.join(" ");
            faults.push(Fault::new(
                &file.file,
                format!("検疫の記入がありません: {empty}"),
                format!("the virus check is not filled in: {empty}"),
            ));
        }
        let day = listed.check.last().map(String::as_str).unwrap_or_default();
        if !day.is_empty() && day.parse::<jiff::civil::Date>().is_err() {
            faults.push(Fault::new(
                &file.file,
                format!("検疫年月日「{day}」は 2026-03-31 の形の日付ではありません"),
                format!("the day of the virus check `{day}` is not a day like 2026-03-31"),
            ));
        }
    }
    let gone = known
        .keys()
        .filter(|name| !files.iter().any(|f| f.file == **name));
    for name in gone {
        faults.push(Fault::new(
            name,
            "納品一覧にありますが、ファイルがありません",
            "is in the list, but there is no such file",
        ));
    }
}
