//! Office files over one or many runs: 成果報告書, 月次の進捗報告書, 議事録, 進捗管理表, リスク管理表, the long form of the matrix,
//! and the source data of every numbered table. Japanese whatever the language of the other reports is: their names and
//! columns are those of the procurement specification (6.2(3), 7.1, 8.5).
//!
//! What the runs and the register say is filled in; what a person has to think stands as a marked slot. A workbook that
//! people have edited keeps what they wrote: see [`Kept`].

mod facts;
mod figure;
mod figures;
mod getsuji;
mod gijiroku;
mod holidays;
mod kept;
mod matrix;
mod risk;
mod seika;
mod shinchoku;
mod zuhyo;

pub use gijiroku::Meeting;
pub use holidays::Holidays;
pub use kept::Kept;

use renkei_core::issue::Issue;
use renkei_core::record::ResultDocument;

use crate::docx::{self, Document};
use crate::{Artifact, Options, ReportError, guard};
use facts::Facts;

/// The office files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfficeFile {
    /// 成果報告書.
    Seika,
    /// 月次の進捗報告書.
    Getsuji,
    /// 議事録.
    Gijiroku,
    /// 進捗管理表.
    Shinchoku,
    /// リスク管理表.
    Risk,
    /// 組合せと連携の判定, one row each.
    Matrix,
    /// 図表の元データ.
    Zuhyo,
}

impl OfficeFile {
    /// Every file, in the order of the manual.
    pub const ALL: [Self; 7] = [
        Self::Seika,
        Self::Getsuji,
        Self::Gijiroku,
        Self::Shinchoku,
        Self::Risk,
        Self::Matrix,
        Self::Zuhyo,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seika => "seika",
            Self::Getsuji => "getsuji",
            Self::Gijiroku => "gijiroku",
            Self::Shinchoku => "shinchoku",
            Self::Risk => "risk",
            Self::Matrix => "matrix",
            Self::Zuhyo => "zuhyo",
        }
    }

    /// The file of a word of the command line.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.as_str() == word)
    }

    /// Name of the file: ASCII, as the other reports have it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Seika => "seika.docx",
            Self::Getsuji => "getsuji.docx",
            Self::Gijiroku => "gijiroku.docx",
            Self::Shinchoku => "shinchoku.xlsx",
            Self::Risk => "risk.xlsx",
            Self::Matrix => "matrix.xlsx",
            Self::Zuhyo => "zuhyo_motodata.xlsx",
        }
    }
}

/// What office files are made from.
#[derive(Clone, Debug, Default)]
pub struct Source<'a> {
    /// Runs, in any order.
    pub documents: &'a [ResultDocument],
    /// Issues of a register; without one, the drafts that the runs would give.
    pub issues: Option<Vec<Issue>>,
    /// When the file is made, RFC 3339. Due dates and ages count from it.
    pub now: &'a str,
    /// Month of the monthly report, `2026-11`; the month of the latest run when empty.
    pub month: &'a str,
    /// What the minutes say about their meeting.
    pub meeting: Meeting,
    /// Open days of public offices.
    pub holidays: Holidays,
    /// What people wrote into earlier editions of the workbooks.
    pub kept: Kept,
}

/// Renders a file.
///
/// # Errors
/// It cannot be written.
pub fn render(
    file: OfficeFile,
    source: &Source<'_>,
    options: &Options,
) -> Result<Artifact, ReportError> {
    let bytes = match document(file, source, options) {
        Some(document) => docx::write(&document)?,
        None => workbook(file, source, options)?,
    };
    Ok(Artifact {
        name: file.file_name().to_owned(),
        bytes,
    })
}

/// A Word file as a value, whose slots can go into a template; `None` for a workbook.
pub fn document(file: OfficeFile, source: &Source<'_>, options: &Options) -> Option<Document> {
    let documents = guarded(source);
    let source = Source {
        documents: &documents,
        ..source.clone()
    };
    let facts = Facts::of(&source, options);
    let mut made = match file {
        OfficeFile::Seika => seika::document(&facts),
        OfficeFile::Getsuji => getsuji::document(&facts, &source),
        OfficeFile::Gijiroku => gijiroku::document(&facts, &source),
        OfficeFile::Shinchoku | OfficeFile::Risk | OfficeFile::Matrix | OfficeFile::Zuhyo => {
            return None;
        }
    };
    made.header = format!("データ区分: {}", facts.data_classes());
    made.footer = format!("実行番号 {}", facts.run_ids());
    source.now.clone_into(&mut made.made_at);
    Some(made)
}

fn workbook(
    file: OfficeFile,
    source: &Source<'_>,
    options: &Options,
) -> Result<Vec<u8>, ReportError> {
    let documents = guarded(source);
    let source = Source {
        documents: &documents,
        ..source.clone()
    };
    let facts = Facts::of(&source, options);
    match file {
        OfficeFile::Shinchoku => shinchoku::workbook(&facts, &source),
        OfficeFile::Risk => risk::workbook(&facts, &source),
        OfficeFile::Matrix => matrix::workbook(&facts),
        _ => zuhyo::workbook(&facts, &source),
    }
}

fn guarded(source: &Source<'_>) -> Vec<ResultDocument> {
    let clean = |doc| guard::without_individual_numbers(doc).into_owned();
    source.documents.iter().map(clean).collect()
}

/// What stands in the properties of a workbook: its tables have no room for it.
fn about(facts: &Facts<'_>) -> String {
    format!(
        "実行番号 {} / データ区分 {}",
        facts.run_ids(),
        facts.data_classes()
    )
}

/// Code words of a column of verdicts.
fn verdict_codes(column: &str) -> Vec<[String; 3]> {
    use renkei_core::model::{Lang, Verdict};
    let meaning = |verdict| match verdict {
        Verdict::Pass => "必須の検査がすべて規則に合う",
        Verdict::Fail => "必須の検査に規則に合わないものがある",
        Verdict::Review => "人の確認が要る",
        Verdict::Inconclusive => "合うとも合わないとも言えない",
        Verdict::NotApplicable => "宣言により対象から外した",
        Verdict::NotRun => "実施していない",
        Verdict::ToolError => "試験ツールの障害で判定していない",
    };
    let word = |verdict: Verdict| crate::words::of(Lang::Ja, "verdict", verdict.as_str());
    Verdict::ALL
        .map(|v| [column.to_owned(), word(v), meaning(v).to_owned()])
        .to_vec()
}
