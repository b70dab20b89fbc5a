//! The ZIP archive around a workbook, opened without trusting what it says about itself.

use std::io::{Cursor, Read};

use renkei_core::model::{Bilingual, Problem, Problems};
use zip::ZipArchive;

use super::kind::save_as;
use super::worksheet::Shared;
use super::{
    MAX_CELLS, MAX_SHEETS, MAX_TEXT, Sheet, Workbook, formula, keep_tables, names, strings, styles,
    too_long, worksheet,
};

/// Most entries that an archive may have; a workbook with 300 sheets has about 1,000.
const MAX_ENTRIES: usize = 8_192;
/// Most bytes that one part may unpack to.
const MAX_PART: u64 = 128 * 1024 * 1024;
/// Most bytes that all parts that are read may unpack to.
const MAX_TOTAL: u64 = 384 * 1024 * 1024;

/// Most bytes of formulas whose result was not saved that are followed.
const MAX_FORMULAS: usize = 8 * 1024 * 1024;

/// The archive with what is left of the budget.
struct Parts<'a> {
    name: &'a str,
    archive: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    left: u64,
}

/// Reads a workbook out of an archive.
pub(super) fn read(name: &str, bytes: &[u8], max_rows: usize) -> Result<Workbook, Problems> {
    let mut parts = Parts::open(name, bytes).map_err(|problem| vec![*problem])?;
    let mut notices = parts.notices();
    parts
        .workbook(&mut notices, max_rows)
        .map(|sheets| Workbook {
            name: name.to_owned(),
            sheets,
            notices,
        })
        .map_err(|problem| vec![*problem])
}

impl<'a> Parts<'a> {
    fn open(name: &'a str, bytes: &'a [u8]) -> Result<Self, Box<Problem>> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            Box::new(Problem::of_file(
                name,
                Bilingual::new(
                    format!("ブックが壊れているか、途中で切れています（{error}）"),
                    format!("the workbook is damaged or cut off ({error})"),
                ),
                Bilingual::new(
                    "コピーし直すか、Excelで開いて保存し直してください",
                    "copy it again, or open it in Excel and save it",
                ),
            ))
        })?;
        if archive.len() > MAX_ENTRIES {
            return Err(Box::new(Problem::of_file(
                name,
                Bilingual::new(
                    format!("ZIPの中のファイルが多すぎます（{}個）", archive.len()),
                    format!("the archive has too many entries ({})", archive.len()),
                ),
                Bilingual::new(
                    format!("{MAX_ENTRIES}個まで読みます。ブックを分けてください"),
                    format!("up to {MAX_ENTRIES} are read; split the workbook"),
                ),
            )));
        }
        let names = (0..archive.len())
            .map(|at| match archive.name_for_index(at) {
                Some(Ok(entry)) => entry.replace('\\', "/"),
                _ => String::new(),
            })
            .collect();
        Ok(Self {
            name,
            archive,
            names,
            left: MAX_TOTAL,
        })
    }

    fn index(&self, part: &str) -> Option<usize> {
        let names = &self.names;
        names
            .iter()
            .position(|n| n == part)
            .or_else(|| names.iter().position(|n| n.eq_ignore_ascii_case(part)))
    }

    fn has(&self, part: &str) -> bool {
        self.index(part).is_some()
    }

    /// What is in the archive and not looked at.
    fn notices(&self) -> Problems {
        let mut notices = Problems::new();
        let any = |word: &str| {
            self.names
                .iter()
                .any(|n| n.to_ascii_lowercase().contains(word))
        };
        if any("vbaproject.bin") || any("xl/macrosheets/") {
            notices.push(Problem::of_file(
                self.name,
                Bilingual::new(
                    "マクロがあります。実行せず、セルの値だけを読みました",
                    "there are macros; they were not run, only the values of cells were read",
                ),
                Bilingual::default(),
            ));
        }
        if any("xl/externallinks/") {
            notices.push(Problem::of_file(
                self.name,
                Bilingual::new(
                    "ほかのブックへのリンクがあります。たどらず、保存されている値を読みました",
                    "there are links to other workbooks; they were not followed, the saved values were read",
                ),
                Bilingual::default(),
            ));
        }
        notices
    }

    fn problem(&self, message: Bilingual) -> Box<Problem> {
        Box::new(Problem::of_file(self.name, message, save_as()))
    }

    /// Text of a part.
    fn text(&mut self, part: &str) -> Result<String, Box<Problem>> {
        let Some(index) = self.index(part) else {
            return Err(self.problem(Bilingual::new(
                format!("ブックの部品 {part} がありません（壊れています）"),
                format!("the part {part} is missing (the workbook is damaged)"),
            )));
        };
        let limit = MAX_PART.min(self.left);
        let mut content = Vec::new();
        let result = self.archive.by_index(index).map(|entry| {
            entry
                .take(limit.saturating_add(1))
                .read_to_end(&mut content)
        });
        match result {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(self.unreadable(part, &error)),
            Err(error) => return Err(self.unreadable(part, &error)),
        }
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(Box::new(Problem::of_file(
                self.name,
                Bilingual::new(
                    format!(
                        "部品 {part} を伸張すると{limit}バイトを超えます（異常に大きいため読みません）"
                    ),
                    format!("the part {part} unpacks to more than {limit} bytes, which is refused"),
                ),
                keep_tables(),
            )));
        }
        self.left = self.left.saturating_sub(length);
        decode(content).map_err(|()| {
            self.problem(Bilingual::new(
                format!("部品 {part} の文字コードがUTF-8でもUTF-16でもありません"),
                format!("the part {part} is neither UTF-8 nor UTF-16"),
            ))
        })
    }

    fn unreadable(&self, part: &str, error: &dyn std::fmt::Display) -> Box<Problem> {
        self.problem(Bilingual::new(
            format!("部品 {part} を伸張できません: {error}"),
            format!("the part {part} cannot be unpacked: {error}"),
        ))
    }

    fn at_part<T>(&self, part: &str, result: Result<T, Bilingual>) -> Result<T, Box<Problem>> {
        result.map_err(|message| {
            self.problem(Bilingual::new(
                format!("部品 {part}: {}", message.ja),
                format!("part {part}: {}", message.en),
            ))
        })
    }

    /// The part that holds the workbook, by the package's relations.
    fn main_part(&mut self) -> Result<String, Box<Problem>> {
        if self.has("xl/workbook.bin") {
            return Err(self.problem(Bilingual::new(
                "バイナリブック（.xlsb）は読めません",
                "binary workbooks (.xlsb) are not read",
            )));
        }
        if self.has("_rels/.rels") {
            let text = self.text("_rels/.rels")?;
            let relations = self.at_part("_rels/.rels", names::relations(&text, ""))?;
            let found = relations
                .into_iter()
                .find(|r| r.kind == "officeDocument" && !r.external)
                .map(|r| r.target);
            if let Some(part) =
                found.filter(|part| part.starts_with("xl/") || self.has("xl/workbook.xml"))
            {
                return Ok(part);
            }
        }
        if self.has("xl/workbook.xml") {
            return Ok("xl/workbook.xml".to_owned());
        }
        let (ja, en) = self.other_document();
        Err(self.problem(Bilingual::new(
            format!("{ja}（ZIPの中に xl/workbook.xml がありません）"),
            format!("{en} (there is no xl/workbook.xml in the archive)"),
        )))
    }

    /// What an archive is that holds no workbook, as far as its parts tell.
    fn other_document(&self) -> (&'static str, &'static str) {
        let begins = |with: &str| self.names.iter().any(|name| name.starts_with(with));
        if begins("word/") {
            ("Wordの文書です", "a Word document")
        } else if begins("ppt/") {
            ("PowerPointの文書です", "a PowerPoint document")
        } else if begins("mimetype") {
            (
                "OpenDocument（.ods など）の文書です",
                "an OpenDocument document (.ods or the like)",
            )
        } else {
            ("Excelのブックではありません", "not an Excel workbook")
        }
    }

    fn workbook(
        &mut self,
        notices: &mut Problems,
        max_rows: usize,
    ) -> Result<Vec<Sheet>, Box<Problem>> {
        let main = self.main_part()?;
        let text = self.text(&main)?;
        let (list, from_1904) = self.at_part(&main, names::sheets(&text))?;
        if list.len() > MAX_SHEETS {
            return Err(self.problem(Bilingual::new(
                format!(
                    "シートが多すぎます（{}枚。{MAX_SHEETS}枚まで読みます）",
                    list.len()
                ),
                format!(
                    "there are too many sheets ({}, up to {MAX_SHEETS} are read)",
                    list.len()
                ),
            )));
        }
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let relations_part = format!("{folder}/_rels/{file}.rels");
        let text = self.text(&relations_part)?;
        let relations = self.at_part(&relations_part, names::relations(&text, folder))?;
        let of_kind = |kind: &str| {
            relations
                .iter()
                .find(|r| r.kind == kind && !r.external)
                .map(|r| r.target.clone())
        };
        let mut texts = Vec::new();
        if let Some(part) = of_kind("sharedStrings").filter(|part| self.has(part)) {
            let text = self.text(&part)?;
            texts = self.at_part(&part, strings::read(&text))?;
        }
        let mut looks = Vec::new();
        if let Some(part) = of_kind("styles").filter(|part| self.has(part)) {
            let text = self.text(&part)?;
            looks = self.at_part(&part, styles::read(&text))?;
        }
        let mut shared = Shared {
            strings: &texts,
            styles: &looks,
            from_1904,
            budget: MAX_CELLS,
            text_left: MAX_TEXT,
            formulas_left: MAX_FORMULAS,
            max_rows,
            too_long: None,
        };
        let mut sheets = Vec::new();
        for entry in list {
            let relation = relations.iter().find(|r| r.id == entry.relation);
            let Some(relation) = relation.filter(|r| r.kind == "worksheet" && !r.external) else {
                notices.push(Problem::of_file(
                    format!("{} 「{}」", self.name, entry.name),
                    Bilingual::new(
                        "表のシートではない（グラフなど）ので読みませんでした",
                        "not a worksheet (a chart or the like), so it was not read",
                    ),
                    Bilingual::default(),
                ));
                continue;
            };
            let mut sheet = Sheet {
                name: entry.name,
                file: self.name.to_owned(),
                hidden: entry.hidden,
                ..Sheet::default()
            };
            let text = self.text(&relation.target).map_err(|mut problem| {
                problem.file = format!("{} 「{}」", self.name, sheet.name);
                problem
            })?;
            let done = worksheet::read(&text, &mut shared, &mut sheet);
            if let Some(at) = shared.too_long {
                return Err(Box::new(too_long(&sheet, at, max_rows)));
            }
            self.at_part(&format!("{} 「{}」", relation.target, sheet.name), done)?;
            sheets.push(sheet);
        }
        if sheets.is_empty() {
            return Err(self.problem(Bilingual::new(
                "ブックに表のシートがありません",
                "the workbook has no worksheet",
            )));
        }
        formula::join_texts(&mut sheets);
        Ok(sheets)
    }
}

/// XML of office documents is UTF-8 or UTF-16 with a byte order mark.
fn decode(content: Vec<u8>) -> Result<String, ()> {
    let units = |big: bool| -> Result<String, ()> {
        let body = content.get(2..).unwrap_or_default();
        if body.len() % 2 == 1 {
            return Err(());
        }
        let units: Vec<u16> = body
            .chunks_exact(2)
            .map(|pair| match *pair {
                [a, b] if big => u16::from_be_bytes([a, b]),
                [a, b] => u16::from_le_bytes([a, b]),
                _ => 0xFFFD,
            })
            .collect();
        String::from_utf16(&units).map_err(|_| ())
    };
    if content.starts_with(&[0xFF, 0xFE]) {
        return units(false);
    }
    if content.starts_with(&[0xFE, 0xFF]) {
        return units(true);
    }
    let text = String::from_utf8(content).map_err(|_| ())?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}
