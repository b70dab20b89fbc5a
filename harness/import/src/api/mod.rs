//! The standard's API仕様 workbook: overview, request tables, response tables with levels, list of error codes.

mod columns;
mod document;
mod errors;
mod example;
mod item;
mod request;
mod response;
mod rules;
mod schema;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use renkei_core::model::{Bilingual, Problem, Problems};
use serde_json::Value;

use crate::draft::{PackDraft, say, unsaved};
use crate::headings::{self, Header};
use crate::item_table::chosen;
use crate::reading::{joined, one_line};
use crate::report::{Made, Remark, SheetReport};
use crate::workbook::{At, Cell, Sheet, Workbook};
use columns::{REQUEST, REQUEST_NEEDED, RESPONSE, RESPONSE_NEEDED};
use errors::ErrorRow;
use item::Item;

/// One request table.
#[derive(Debug, Default)]
pub(crate) struct RequestTable {
    /// `app_submit/v10/jutogaishaatenabangofuban`, without `_R01`.
    call: String,
    media: String,
    items: Vec<Item>,
    sheet: String,
}

/// One answer of a response table.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    call: String,
    media: String,
    status: String,
    title: String,
    schema: Value,
    items: Vec<Item>,
}

/// Everything that the workbook says about its APIs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Kind of operation by call: `Create`.
    operations: BTreeMap<String, String>,
    title: String,
    method: String,
    requests: Vec<RequestTable>,
    answers: Vec<Answer>,
    errors: Vec<ErrorRow>,
    timeout: Option<u64>,
    non_json: bool,
}

/// True when some sheet has a request or a response table, or the id above one whose headings are not all there.
pub(crate) fn is_api(book: &Workbook) -> bool {
    book.sheets.iter().any(|sheet| {
        headings::find(sheet, 1, REQUEST, REQUEST_NEEDED).is_ok()
            || headings::find(sheet, 1, RESPONSE, RESPONSE_NEEDED).is_ok()
            || ["リクエストID", "レスポンスID"]
                .iter()
                .any(|label| sheet.find(label).is_some())
    })
}

/// Reads an API workbook into `draft`.
///
/// # Errors
/// There is neither a request nor a response table, with the sheet and cell that come nearest.
pub(crate) fn read(
    book: &Workbook,
    only: &[String],
    draft: &mut PackDraft,
) -> Result<(), Problems> {
    let names = chosen(book, only)?;
    let mut found = Found::default();
    for sheet in &book.sheets {
        if !names.is_empty() && !names.contains(&sheet.name) {
            continue;
        }
        overview(sheet, &mut found);
        let before = draft.report.sheets.len();
        response::read(sheet, &mut found, draft);
        request::read(sheet, &mut found, draft);
        if draft.report.sheets.len() == before {
            draft.refused.extend(nearly(sheet));
        }
        errors::read(sheet, &mut found, draft);
        if draft.report.sheets.len() == before {
            draft.report.sheets.push(SheetReport {
                sheet: sheet.name.clone(),
                read_as: "skipped",
                note: say(
                    "要求・応答の表がありません",
                    "it has no table of a request or a response",
                ),
                ..SheetReport::default()
            });
        }
    }
    if found.requests.is_empty() && found.answers.is_empty() {
        return Err(vec![nothing(book)]);
    }
    cover(book, draft);
    document::write(found, draft);
    Ok(())
}

/// A sheet that has most headings of a table, but not all that it needs.
fn nearly(sheet: &Sheet) -> Option<Problem> {
    [(REQUEST, REQUEST_NEEDED), (RESPONSE, RESPONSE_NEEDED)]
        .into_iter()
        .filter_map(|(known, needed)| headings::find(sheet, 1, known, needed).err().flatten())
        .filter(|(header, _)| header.columns.len() >= 5)
        .max_by_key(|(header, missing)| (Reverse(missing.len()), header.columns.len()))
        .map(|(header, missing)| incomplete(sheet, &header, &missing))
}

/// What is missing in the sheet that comes nearest to a table.
fn nothing(book: &Workbook) -> Problem {
    let near = book
        .sheets
        .iter()
        .flat_map(|sheet| {
            [(REQUEST, REQUEST_NEEDED), (RESPONSE, RESPONSE_NEEDED)].map(|(known, needed)| {
                headings::find(sheet, 1, known, needed)
                    .err()
                    .flatten()
                    .map(|(header, missing)| (sheet, header, missing))
            })
        })
        .flatten()
        .filter(|(_, header, _)| header.columns.len() >= 3)
        .max_by_key(|(_, header, missing)| (Reverse(missing.len()), header.columns.len()));
    match near {
        Some((sheet, header, missing)) => incomplete(sheet, &header, &missing),
        None => Problem::of_file(
            &book.name,
            say(
                "APIの要求・応答の表が見つかりません",
                "there is no table of a request or a response",
            ),
            headings_needed(),
        ),
    }
}

fn incomplete(sheet: &Sheet, header: &Header, missing: &[&'static str]) -> Problem {
    let all = REQUEST.iter().chain(RESPONSE);
    let names: Vec<&str> = missing
        .iter()
        .filter_map(|id| {
            let one = all.clone().find(|one| one.id == *id)?;
            one.names.first().copied()
        })
        .collect();
    let names = names.join("、");
    let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
    sheet.problem(
        At::new(header.first, column),
        say(
            format!("見出し「{names}」がありません"),
            format!("the headings {names} are missing"),
        ),
        headings_needed(),
    )
}

fn headings_needed() -> Bilingual {
    say(
        "要求の表には パラメータ名・データ型、応答の表には レベル・レスポンスオブジェクト名・データ型 の見出しが要ります",
        "a request table needs パラメータ名 and データ型, a response table レベル, レスポンスオブジェクト名 and データ型",
    )
}

/// Title, version and date of the cover, where the file name does not say them.
fn cover(book: &Workbook, draft: &mut PackDraft) {
    let Some(sheet) = book.sheets.first().filter(|sheet| sheet.last_row() < 80) else {
        return;
    };
    for (_, cell) in sheet.cells() {
        let text = one_line(&cell.shown);
        if let Some(version) = crate::draft::version(&text).filter(|_| text.ends_with('版')) {
            draft.identity.document_version = version;
        } else if text.ends_with("API仕様") || text.ends_with("API仕様書") {
            draft.identity.title = text.clone();
            draft.identity.document = text;
        }
    }
}

/// Calls, kinds of operation, method, times: what the prose of a sheet says.
fn overview(sheet: &Sheet, found: &mut Found) {
    if let Ok(header) = headings::find(sheet, 1, columns::CALLS, &["call", "operation"]) {
        for row in sheet.rows().filter(|row| *row > header.last) {
            let call = one_line(header.text(sheet, row, "call"));
            let operation = one_line(header.text(sheet, row, "operation"));
            if call.contains('/') && !operation.is_empty() {
                found
                    .operations
                    .insert(call.trim_matches('/').to_owned(), operation);
            }
        }
    }
    for (_, cell) in sheet.cells() {
        let text = one_line(&cell.shown);
        if let Some((_, after)) = text.split_once("HTTPメソッド") {
            let method = ["POST", "GET", "PUT", "PATCH", "DELETE"]
                .into_iter()
                .filter_map(|m| Some((after.find(m)?, m)))
                .min();
            if let Some((_, method)) = method {
                found.method = method.to_ascii_lowercase();
            }
        }
        if let Some((before, after)) = text.split_once("秒以上")
            && after.contains("タイムアウト")
            && !text.starts_with('■')
        {
            let digits: String = before
                .chars()
                .rev()
                .take_while(char::is_ascii_digit)
                .collect();
            found.timeout = digits.chars().rev().collect::<String>().parse().ok();
        }
        if text.contains("500番台") && text.contains("JSON形式では返却され") {
            found.non_json = true;
        }
    }
    if let Some(at) = sheet.find("仕様名") {
        let below = sheet.text(at.below(1));
        if !below.is_empty() {
            found.title = joined(below);
        }
    }
}

/// The value right of a label such as リクエストID, at or above `row`.
fn labelled(sheet: &Sheet, labels: &[&str], row: u32) -> Option<(At, String)> {
    let wanted: Vec<String> = labels.iter().map(|label| headings::key(label)).collect();
    let label = sheet
        .cells()
        .filter(|(at, cell)| at.row <= row && wanted.contains(&headings::key(&cell.shown)))
        .last()
        .map(|(at, _)| at)?;
    let value = sheet.row(label.row).find(|(at, cell)| {
        at.column > label.column && (cell.uncomputed() || !cell.shown.trim().is_empty())
    });
    value.map(|(at, cell)| (at, one_line(&cell.shown)))
}

/// `app_submit/v10/x_R01` without its ending `_R01` or `_S01`.
fn call_of(id: &str) -> String {
    let bare = match id.rsplit_once('_') {
        Some((call, end))
            if end.len() > 1
                && end.starts_with(['R', 'S'])
                && end.bytes().skip(1).all(|b| b.is_ascii_digit()) =>
        {
            call
        }
        _ => id,
    };
    bare.trim_matches('/').to_owned()
}

/// The call of a table whose id is named above it; a formula without result is reported.
fn table_call(sheet: &Sheet, labels: &[&str], header: &Header, draft: &mut PackDraft) -> String {
    match labelled(sheet, labels, header.first) {
        Some((at, id)) if !id.is_empty() => {
            if sheet.cell(at).is_some_and(Cell::unsaved) {
                let help = say(format!("「{id}」としました"), format!("taken as `{id}`"));
                draft.report.notices.push(Remark::at(
                    sheet,
                    at,
                    say(
                        "数式の計算結果が保存されていないので、つなぐセルから求めました",
                        "the formula has no saved result; it was put together from the cells that it joins",
                    ),
                    help,
                ));
            }
            call_of(&id)
        }
        Some((at, _)) if sheet.cell(at).is_some_and(Cell::unsaved) => {
            draft.refused.push(unsaved(sheet, at));
            String::new()
        }
        other => {
            let at = other.map_or(At::new(header.first, 1), |(at, _)| at);
            let label = labels.first().copied().unwrap_or("");
            draft.report.not_interpreted.push(Remark::at(
                sheet,
                at,
                say(
                    format!("{label}を読めません"),
                    format!("the {label} cannot be read"),
                ),
                say(
                    "名前を付けて取り込みました。パスを直してください",
                    "a name was given; correct the path",
                ),
            ));
            String::new()
        }
    }
}

fn made(id: &str, title: &str, count: usize) -> Made {
    Made {
        kind: "api",
        id: id.to_owned(),
        title: title.to_owned(),
        count,
    }
}
