//! An edited 課題管理表 as rows: columns by their headings, every mistake with sheet and cell.

use std::collections::{BTreeMap, BTreeSet};

use renkei_core::issue::{Agreed, Human, Issue, Priority, State, is_date};
use renkei_core::model::{Bilingual, Problem, Problems};
use renkei_import::workbook::{At, Sheet, Workbook, fold};
use renkei_report::code_words;

/// Name of the sheet.
const SHEET: &str = "課題管理表";

/// Headings of what people own, and of what an import needs.
const HUMAN: [&str; 10] = [
    "課題内容",
    "影響",
    "優先度",
    "担当者",
    "対応期限",
    "対応状況",
    "対応策",
    "対応結果",
    "責任区分",
    "責任区分の確定",
];
const ID: &str = "課題番号";
const VERSION: &str = "版番号";

/// One row.
pub(super) struct Row<'s> {
    sheet: &'s Sheet,
    columns: &'s BTreeMap<String, u32>,
    /// 1-based row of the sheet.
    number: u32,
    /// Number of the issue; `None` for a row that a person added.
    pub(super) issue: Option<u32>,
    /// 版番号 it was exported with; 0 for a row that a person added.
    pub(super) version: u64,
    /// What people own.
    pub(super) human: Human,
}

impl Row<'_> {
    /// What stands in a column; empty without the column.
    pub(super) fn text(&self, heading: &str) -> &str {
        let column = self.columns.get(&fold(heading));
        column.map_or("", |column| self.sheet.text(At::new(self.number, *column)))
    }

    /// True when the sheet has the column.
    pub(super) fn has(&self, heading: &str) -> bool {
        self.columns.contains_key(&fold(heading))
    }

    /// A problem in a cell of the row.
    pub(super) fn problem(&self, heading: &str, message: Bilingual, help: Bilingual) -> Problem {
        let column = self.columns.get(&fold(heading)).copied().unwrap_or(1);
        self.sheet
            .problem(At::new(self.number, column), message, help)
    }

    /// File, sheet and cell.
    pub(super) fn place(&self, heading: &str) -> String {
        let column = self.columns.get(&fold(heading)).copied().unwrap_or(1);
        self.sheet.place(At::new(self.number, column))
    }
}

/// The sheet and where its columns stand.
pub(super) fn columns(book: &Workbook) -> Result<(&Sheet, BTreeMap<String, u32>), Problems> {
    let sheet = match book.sheets.as_slice() {
        [only] if only.name.is_empty() => only,
        _ => book.asked_sheet(SHEET).map_err(|p| vec![p])?,
    };
    let mut columns = BTreeMap::new();
    let mut problems = Problems::new();
    for (at, cell) in sheet.row(1) {
        let twice = columns.insert(fold(&cell.shown), at.column).is_some();
        let ours = HUMAN.contains(&cell.shown.trim()) || [ID, VERSION].contains(&cell.shown.trim());
        if twice && ours {
            problems.push(sheet.problem(
                at,
                Bilingual::new(
                    format!("見出し「{}」が二つあります", cell.shown.trim()),
                    format!("the heading `{}` stands twice", cell.shown.trim()),
                ),
                Bilingual::new("一つだけ残してください", "keep one of them"),
            ));
        }
    }
    for needed in HUMAN.iter().chain(&[ID, VERSION]) {
        if !columns.contains_key(&fold(needed)) {
            problems.push(sheet.sheet_problem(
                Bilingual::new(format!("1行目に見出し「{needed}」がありません"), format!("row 1 lacks the heading `{needed}`")),
                Bilingual::new(
                    "issues export で書き出した表の見出しを1行目に残してください（列の順番は自由です）",
                    "keep the headings of the exported table in row 1; their order is free",
                ),
            ));
        }
    }
    if problems.is_empty() {
        Ok((sheet, columns))
    } else {
        Err(problems)
    }
}

/// Every row, or every mistake.
pub(super) fn read<'s>(
    sheet: &'s Sheet,
    columns: &'s BTreeMap<String, u32>,
) -> Result<Vec<Row<'s>>, Problems> {
    let mut problems: Problems = sheet.unusable_cells();
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    let sides = code_words("責任区分");
    for number in sheet.rows().filter(|row| *row > 1) {
        let mut row = Row {
            sheet,
            columns,
            number,
            issue: None,
            version: 0,
            human: blank(),
        };
        if sheet
            .row(number)
            .all(|(_, cell)| cell.shown.trim().is_empty())
        {
            continue;
        }
        identity(&mut row, &mut seen, &mut problems);
        fields(&mut row, &sides, &mut problems);
        rows.push(row);
    }
    if problems.is_empty() {
        Ok(rows)
    } else {
        Err(problems)
    }
}

fn blank() -> Human {
    Human {
        description: String::new(),
        impact: String::new(),
        priority: Priority::Middle,
        assignee: String::new(),
        due_on: String::new(),
        state: State::Raised,
        countermeasure: String::new(),
        result: String::new(),
        fault_side: String::new(),
        fault_agreed: Agreed::Proposed,
    }
}

fn identity(row: &mut Row<'_>, seen: &mut BTreeSet<u32>, problems: &mut Problems) {
    let (id, version) = (row.text(ID), row.text(VERSION));
    if id.is_empty() {
        return; // a row that a person added
    }
    let Some(number) = Issue::parse_id(id) else {
        problems.push(row.problem(
            ID,
            Bilingual::new(
                format!("課題番号「{id}」は K-0001 の形ではありません"),
                format!("`{id}` is no issue number like K-0001"),
            ),
            Bilingual::new(
                "書き出したときの番号に戻してください。新しい課題の行では空欄にします",
                "put the exported number back; leave it empty for a new issue",
            ),
        ));
        return;
    };
    if !seen.insert(number) {
        problems.push(row.problem(
            ID,
            Bilingual::new(
                format!("{id} の行が二つあります"),
                format!("{id} stands in two rows"),
            ),
            Bilingual::new("一つだけ残してください", "keep one of them"),
        ));
    }
    match version.parse::<u64>() {
        Ok(version) if version > 0 => row.version = version,
        _ => problems.push(row.problem(
            VERSION,
            Bilingual::new(
                format!("版番号「{version}」は1以上の整数ではありません"),
                format!("the version `{version}` is no whole number from 1 on"),
            ),
            Bilingual::new(
                "書き出したときの値に戻してください",
                "put the exported value back",
            ),
        )),
    }
    row.issue = Some(number);
}

fn fields(row: &mut Row<'_>, sides: &[String], problems: &mut Problems) {
    let mut human = blank();
    row.text("課題内容").clone_into(&mut human.description);
    row.text("影響").clone_into(&mut human.impact);
    row.text("担当者").clone_into(&mut human.assignee);
    row.text("対応策").clone_into(&mut human.countermeasure);
    row.text("対応結果").clone_into(&mut human.result);
    row.text("対応期限")
        .replace('/', "-")
        .clone_into(&mut human.due_on);
    if human.description.is_empty() {
        problems.push(row.problem(
            "課題内容",
            Bilingual::new("課題内容が空です", "the description is empty"),
            Bilingual::new(
                "事実を一文で書いてください",
                "state the fact in one sentence",
            ),
        ));
    }
    if let Some((day, "00:00:00")) = human.due_on.split_once(' ') {
        human.due_on = day.to_owned();
    }
    if !human.due_on.is_empty() && !is_date(&human.due_on) {
        problems.push(row.problem(
            "対応期限",
            Bilingual::new(
                format!("「{}」は日付ではありません", human.due_on),
                format!("`{}` is not a date", human.due_on),
            ),
            Bilingual::new(
                "2026-12-05 の形で書いてください",
                "write it like 2026-12-05",
            ),
        ));
    }
    let new = row.issue.is_none();
    let words = |words: &[&str]| words.join(" ");
    let coded = |heading: &str, known: String, problems: &mut Problems| {
        let text = row.text(heading);
        problems.push(row.problem(
            heading,
            Bilingual::new(
                format!("「{text}」はコード表にない語です"),
                format!("`{text}` is not in the code table"),
            ),
            Bilingual::new(format!("使える語: {known}"), format!("there are: {known}")),
        ));
    };
    match Priority::parse(row.text("優先度")) {
        Some(priority) => human.priority = priority,
        None => coded(
            "優先度",
            words(&Priority::ALL.map(Priority::word)),
            problems,
        ),
    }
    match State::parse(row.text("対応状況")) {
        Some(state) => human.state = state,
        None if new && row.text("対応状況").is_empty() => {}
        None => coded("対応状況", words(&State::ALL.map(State::word)), problems),
    }
    match Agreed::parse(row.text("責任区分の確定")) {
        Some(agreed) => human.fault_agreed = agreed,
        None if new && row.text("責任区分の確定").is_empty() => {}
        None => coded(
            "責任区分の確定",
            words(&Agreed::ALL.map(Agreed::word)),
            problems,
        ),
    }
    let side = row.text("責任区分");
    if side.is_empty() && new {
        "判定不能".clone_into(&mut human.fault_side);
    } else if sides.iter().any(|known| known == side) {
        side.clone_into(&mut human.fault_side);
    } else {
        coded("責任区分", sides.join(" "), problems);
    }
    row.human = human;
}
