//! The list of error codes.

use super::Found;
use super::columns::ERRORS;
use super::response::is_end;
use crate::draft::{PackDraft, say};
use crate::headings::{self, Header};
use crate::reading::{is_nothing, joined, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet};

/// One error code.
#[derive(Debug)]
pub(crate) struct ErrorRow {
    pub(super) kind: &'static str,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) fixed_only: bool,
    pub(super) source: String,
}

/// Reads the lists of a sheet, if there are any.
pub(super) fn read(sheet: &Sheet, found: &mut Found, draft: &mut PackDraft) {
    let mut from = 1;
    while let Ok(header) = headings::find(sheet, from, ERRORS, &["code", "name", "message"]) {
        from = header.last + 1;
        list(sheet, &header, found, draft);
    }
}

fn list(sheet: &Sheet, header: &Header, found: &mut Found, draft: &mut PackDraft) {
    let column = header.column("code").unwrap_or(1);
    let mut report = SheetReport {
        sheet: sheet.name.clone(),
        read_as: "error-codes",
        header: At::new(header.first, column).to_string(),
        ..SheetReport::default()
    };
    let rows = sheet.rows().filter(|row| *row > header.last);
    for row in rows.take_while(|row| !is_end(sheet, *row)) {
        let code = one_line(header.text(sheet, row, "code"));
        if is_nothing(&code) || !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            continue;
        }
        report.rows_read += 1;
        let name = one_line(header.text(sheet, row, "name"));
        let kinds = [
            ("必須", "missing"),
            ("文字", "character"),
            ("桁", "length"),
            ("相関", "correlation"),
        ];
        let Some((_, kind)) = kinds.iter().find(|(word, _)| name.contains(word)) else {
            report.rows_not_interpreted += 1;
            let at = header.at(row, "name").unwrap_or(At::new(row, column));
            draft.report.not_interpreted.push(Remark::at(
                sheet,
                at,
                say(format!("エラー「{name}」の種別（必須・文字・桁数・相関）がわかりません"), format!("the kind of the error `{name}` is not known (missing, character, length, correlation)")),
                say(format!("{code} を api.toml に入れていません"), format!("{code} is not in api.toml")),
            ));
            continue;
        };
        report.rows_interpreted += 1;
        if found.errors.iter().any(|known| known.code == code) {
            continue; // each call's sheet repeats the list
        }
        found.errors.push(ErrorRow {
            kind,
            code,
            message: joined(header.text(sheet, row, "message")).replacen("【項目名】", "{item}", 1),
            fixed_only: name.contains("固定"),
            source: format!("{} {}", sheet.name, At::new(row, column)),
        });
    }
    draft.report.sheets.push(report);
}
