//! 議事録: a skeleton with what the tool knows, and the day by which it is due.

use jiff::civil::Date;
use renkei_core::issue::Issue;

use super::facts::Facts;
use super::{OfficeFile, Source};
use crate::docx::{Block, Document, Slot, Table, Text};

/// What the minutes say about their meeting; whatever is empty stands as a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meeting {
    /// 会議名.
    pub name: String,
    /// 開催日.
    pub day: Option<Date>,
    /// 場所.
    pub place: String,
}

/// Minutes are due this many open days after the meeting (procurement specification 8.5(3)カ).
const DUE_AFTER: u32 = 3;

/// The document.
pub(super) fn document(facts: &Facts<'_>, source: &Source<'_>) -> Document {
    let mut document = Document::new("議事録");
    document.blocks = vec![
        Block::Slot(Slot::new("meeting", "会議", vec![meeting(source)])),
        Block::heading(1, "1 議題"),
        Block::Slot(Slot::to_fill("agenda", "議題", "議題を書いてください。")),
        Block::heading(1, "2 資料"),
        Block::Slot(Slot::new("papers", "資料", vec![papers(facts)])),
        Block::heading(1, "3 説明の要旨と質疑"),
        Block::Slot(Slot::to_fill(
            "discussion",
            "説明の要旨と質疑",
            "説明の要旨と質疑を書いてください。",
        )),
        Block::heading(1, "4 決定事項"),
        Block::Slot(Slot::to_fill(
            "decided",
            "決定事項",
            "決まったことと、関わる課題番号を書いてください。",
        )),
        Block::heading(1, "5 宿題"),
        Block::Slot(homework(facts)),
        Block::heading(1, "6 次回"),
        Block::Slot(Slot::to_fill(
            "next",
            "次回",
            "次回の日時と場所を書いてください。",
        )),
        Block::heading(1, "確認欄"),
        Block::Slot(Slot::new("confirmation", "確認欄", vec![confirmation()])),
    ];
    document
}

fn or_slot(text: &str) -> Text {
    if text.is_empty() {
        "【記入】".into()
    } else {
        text.into()
    }
}

fn meeting(source: &Source<'_>) -> Block {
    let meeting = &source.meeting;
    let day = meeting.day.map(spoken).unwrap_or_default();
    let due = match meeting.day {
        None => "【記入】会議の後3開庁日以内".to_owned(),
        Some(day) => match source.holidays.open_day_after(day, DUE_AFTER) {
            Some(due) => format!("{}（会議の翌日から数えて3開庁日目）", spoken(due)),
            None => "【記入】会議の後3開庁日以内（祝日の表がこの年を含まないため計算していません）"
                .to_owned(),
        },
    };
    Block::facts([
        ("会議名", or_slot(&meeting.name)),
        ("日時", Text::from(day).and(" 【記入】時刻")),
        ("場所", or_slot(&meeting.place)),
        ("出席者", "【記入】役割コードで書く".into()),
        ("提出期限", due.into()),
    ])
}

/// `2026-11-26（木）`.
fn spoken(day: Date) -> String {
    let names = ["月", "火", "水", "木", "金", "土", "日"];
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    format!("{day}（{}）", names.get(at).unwrap_or(&""))
}

fn papers(facts: &Facts<'_>) -> Block {
    let mut table = Table::new(&[("実行番号", 4), ("件名", 4), ("実行日", 2), ("報告書", 3)]);
    for doc in &facts.runs {
        let day = facts.day(&doc.run.started_at);
        table.row([
            doc.run.id.clone(),
            doc.run.title.ja.clone(),
            day,
            "report.html".to_owned(),
        ]);
    }
    Block::Table(table)
}

/// Open issues as they stand; what the meeting settles is written beside them.
fn homework(facts: &Facts<'_>) -> Slot {
    let mut open: Vec<&Issue> = facts.open().collect();
    if open.is_empty() {
        return Slot::to_fill(
            "homework",
            "宿題",
            "承認されていない課題はありません。宿題があれば書いてください。",
        );
    }
    open.sort_by_key(|issue| (issue.human.priority as u8, issue.number));
    let mut table = Table::new(&[
        ("課題番号", 2),
        ("課題内容", 6),
        ("対応状況", 2),
        ("担当", 2),
        ("期限", 2),
    ]);
    let rest = open.len().saturating_sub(SHOWN);
    for issue in open.into_iter().take(SHOWN) {
        let human = &issue.human;
        let row = [
            issue.id(),
            human.description.clone(),
            human.state.word().to_owned(),
            human.assignee.clone(),
            human.due_on.clone(),
        ];
        table
            .rows
            .push(row.iter().map(|cell| or_slot(cell)).collect());
    }
    let mut blocks = vec![
        Block::paragraph(
            "承認されていない課題です（優先度の高い順）。会議で決まった担当と期限を書き入れてください。",
        ),
        Block::Table(table),
    ];
    if rest > 0 {
        blocks.push(Block::paragraph(format!(
            "ほかに {rest} 件あります（{}）。",
            OfficeFile::Seika.file_name()
        )));
    }
    Slot::new("homework", "宿題", blocks)
}

/// Issues that fit into minutes.
const SHOWN: usize = 30;

fn confirmation() -> Block {
    let mut table = Table::new(&[
        ("出席者（役割コード）", 4),
        ("確認日", 3),
        ("修正の有無", 3),
    ]);
    for _ in 0..4 {
        table.row(["", "", ""]);
    }
    Block::Table(table)
}
