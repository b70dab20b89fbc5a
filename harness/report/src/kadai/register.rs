//! `kadai.xlsx` of the whole register: the same four sheets as a run's, over all runs and with what people decided.

use std::collections::BTreeSet;

use renkei_core::issue::{Issue, State};
use renkei_core::model::Lang;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::cell;
use super::layout::{self, Edition, HISTORY, Layout};
use super::sheets::{self, Value, excel};
use crate::{Options, ReportError, moment, view, workbook};

/// One line of 課題履歴.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// `K-0001`.
    pub issue: String,
    /// RFC 3339.
    pub at: String,
    /// State before; `None` for a new issue.
    pub before: Option<State>,
    /// State after.
    pub after: State,
    /// Code of whoever made the change.
    pub by: String,
    /// Why; never empty in the sheet: the caller says what happened when nobody said why.
    pub reason: String,
}

/// A register as it is exported.
#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    /// Issues in the order of their numbers.
    pub issues: Vec<&'a Issue>,
    /// History in the order of writing.
    pub history: Vec<HistoryRow>,
    /// When it was exported, RFC 3339.
    pub at: String,
}

/// A text as it stands in a cell: what people edit, and what an import compares with.
pub fn exported_text(text: &str) -> String {
    cell::text(text)
}

/// The workbook.
///
/// # Errors
/// It cannot be written.
pub fn workbook(register: &Snapshot<'_>, options: &Options) -> Result<Vec<u8>, ReportError> {
    let layout = Layout::read().map_err(ReportError::Workbook)?;
    write(register, &layout, options).map_err(|e| ReportError::Workbook(e.to_string()))
}

fn write(
    register: &Snapshot<'_>,
    layout: &Layout,
    options: &Options,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_default_format(&sheets::plain(), 25, 72)?;
    book.set_properties(&properties(register, options)?);
    let issues = register
        .issues
        .iter()
        .map(|issue| row(issue, options))
        .collect::<Result<Vec<_>, _>>()?;
    sheets::register_of(&mut book, layout, &issues)?;
    let history = register
        .history
        .iter()
        .map(|row| history_row(row, options))
        .collect::<Result<Vec<_>, _>>()?;
    sheets::table(&mut book, layout, HISTORY, &history)?;
    sheets::codes(&mut book, layout, &[])?;
    sheets::definitions(&mut book, layout, Edition::Register)?;
    workbook::stamp(&mut book, &about(register));
    book.save_to_buffer()
}

fn text(text: &str) -> Value {
    cell::text(text).as_str().into()
}

/// One row, in the order of the columns.
fn row(issue: &Issue, options: &Options) -> Result<Vec<Value>, XlsxError> {
    let human = &issue.human;
    let machine = issue.machine.as_ref();
    let of = |get: fn(&renkei_core::issue::Machine) -> &str| text(machine.map_or("", get));
    let occurred = moment::local(&issue.occurred_at, options);
    let place = machine.map(|m| view::place(&m.location, Lang::Ja).join(" "));
    let evidence = machine.map(|m| {
        format!(
            "runs/{}/reports/report.html#{}",
            issue.last_run(),
            m.finding
        )
    });
    Ok(vec![
        text(&human.description),
        text(&human.impact),
        human.priority.word().into(),
        Value::Date(excel(occurred.map(|at| at.date().into()))?),
        text(&human.assignee),
        Value::Date(day(&human.due_on)?),
        human.state.word().into(),
        text(&human.countermeasure),
        text(&human.result),
        issue.id().as_str().into(),
        text(&issue.raised_by),
        text(&human.fault_side),
        human.fault_agreed.word().into(),
        of(|m| &m.sender),
        of(|m| &m.receiver),
        of(|m| &m.linkage),
        of(|m| &m.rule),
        of(|m| &m.case),
        text(&place.unwrap_or_default()),
        text(issue.first_run()),
        text(issue.last_run()),
        Value::Number(issue.hits()),
        Value::Number(u64::from(issue.reopened)),
        text(&evidence.unwrap_or_default()),
        Value::Number(issue.version),
    ])
}

fn day(text: &str) -> Result<Option<ExcelDateTime>, XlsxError> {
    let date: Option<jiff::civil::Date> = text.parse().ok();
    excel(date.map(|date| date.to_datetime(jiff::civil::Time::midnight())))
}

fn history_row(row: &HistoryRow, options: &Options) -> Result<Vec<Value>, XlsxError> {
    Ok(vec![
        row.issue.as_str().into(),
        Value::DateTime(excel(moment::local(&row.at, options))?),
        row.before.map_or("未登録", State::word).into(),
        row.after.word().into(),
        text(&row.by),
        text(&row.reason),
    ])
}

fn properties(register: &Snapshot<'_>, options: &Options) -> Result<DocProperties, XlsxError> {
    let made = moment::local(&register.at, options).unwrap_or_default();
    let created = excel(Some(made))?.map_or_else(|| ExcelDateTime::from_ymd(2026, 1, 1), Ok)?;
    Ok(DocProperties::new()
        .set_title("課題管理表")
        .set_author("renkei")
        .set_comment("課題管理簿から書き出した。編集した後に renkei issues import で取り込める")
        .set_creation_datetime(&created)
        .set_custom_property("データ区分", data_classes(register))
        .set_custom_property("様式の版", layout::VERSION))
}

/// What stands on every printed page: the register covers many runs, so it names their data classes and not them.
fn about(register: &Snapshot<'_>) -> String {
    format!("課題管理簿 / データ区分 {}", data_classes(register))
}

/// Data classes of all runs that the register was made from, each once; 該当なし where it holds no run's finding.
fn data_classes(register: &Snapshot<'_>) -> String {
    let runs = register.issues.iter().flat_map(|issue| &issue.seen);
    let classes: BTreeSet<String> = runs
        .map(|run| match run.data_class.as_str() {
            "" => "未記録".to_owned(),
            class => view::data_class_of(class, &run.revealed, Lang::Ja),
        })
        .collect();
    match classes.into_iter().collect::<Vec<_>>().join("、") {
        none if none.is_empty() => "該当なし".to_owned(),
        classes => classes,
    }
}

/// Code words of a column, as コード表 has them; empty for a column without.
pub fn code_words(column: &str) -> Vec<String> {
    let layout = Layout::read().ok();
    let words = layout.as_ref().map(|layout| layout.codes(column));
    words
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect()
}
