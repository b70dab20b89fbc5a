//! コード一覧: code id, code name, value, meaning; id and name stand once per list.

use crate::draft::{CodeListDraft, FieldDraft, PackDraft, say};
use crate::headings::{self, Known};
use crate::reading::{is_nothing, joined, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet};

const COLUMNS: &[Known] = &[
    Known {
        id: "id",
        names: &["コードID", "コード一覧ID", "コード番号"],
    },
    Known {
        id: "name",
        names: &["コード名", "コード名称"],
    },
    Known {
        id: "meaning",
        names: &[
            "コード値の内容",
            "内容",
            "コード内容",
            "コード値内容",
            "コード値の名称",
            "名称",
        ],
    },
    Known {
        id: "value",
        names: &["コード値", "値"],
    },
    Known {
        id: "note",
        names: &["備考"],
    },
];

/// Reads a sheet of code lists; `None` when it is none.
pub(super) fn read(sheet: &Sheet, draft: &mut PackDraft) -> Option<Vec<CodeListDraft>> {
    let header = headings::find(sheet, 1, COLUMNS, &["id", "value"]).ok()?;
    let column = header.column("id").unwrap_or(1);
    let mut report = SheetReport {
        sheet: sheet.name.clone(),
        read_as: "code-list",
        header: At::new(header.first, column).to_string(),
        ..SheetReport::default()
    };
    let mut lists: Vec<CodeListDraft> = Vec::new();
    for row in sheet.rows().filter(|row| *row > header.last) {
        if header.is_repeated(sheet, row) {
            continue;
        }
        report.rows_read += 1;
        let text = |id: &str| {
            let text = header.text(sheet, row, id);
            if matches!(text, "e" | "E") {
                String::new()
            } else {
                text.to_owned()
            }
        };
        let (id, value) = (one_line(&text("id")), text("value"));
        if !is_nothing(&id) && lists.last().is_none_or(|list| list.id != file_id(&id)) {
            let id = file_id(&id);
            if lists.iter().all(|list| list.id != id) {
                lists.push(CodeListDraft {
                    id,
                    name: joined(&text("name")),
                    values: Vec::new(),
                });
            } else if let Some(at) = lists.iter().position(|list| list.id == id) {
                let list = lists.remove(at);
                lists.push(list);
            }
        }
        let Some(list) = lists.last_mut() else {
            report.rows_skipped += 1;
            continue;
        };
        let value = one_line(&value);
        if value.is_empty() {
            report.rows_skipped += 1;
            continue;
        }
        let (meaning, note) = (joined(&text("meaning")), joined(&text("note")));
        match kind_of_value(&value) {
            ValueKind::One => {
                report.rows_interpreted += 1;
                list.values.push((value, meaning, note));
            }
            ValueKind::Free => {
                report.rows_interpreted += 1;
                list.values.push(("*".to_owned(), meaning, note));
            }
            ValueKind::Unclear => {
                report.rows_not_interpreted += 1;
                let at = header.at(row, "value").unwrap_or(At::new(row, 1));
                draft.report.not_interpreted.push(Remark::at(
                    sheet,
                    at,
                    say(
                        format!("コード値「{value}」は1つの値ではありません"),
                        format!("`{value}` is not one value"),
                    ),
                    say(
                        format!("コード一覧 {} はほかの値も許すもの（*）としました", list.id),
                        format!("the list {} was left open (*)", list.id),
                    ),
                ));
                list.values
                    .push(("*".to_owned(), format!("{value} {meaning}"), note));
            }
        }
    }
    draft.report.sheets.push(report);
    Some(lists)
}

enum ValueKind {
    One,
    Free,
    Unclear,
}

fn kind_of_value(value: &str) -> ValueKind {
    if matches!(value, "任意" | "*" | "自由" | "任意の値") {
        return ValueKind::Free;
    }
    let range = value.contains(['~', '〜', '～', '…', '、', ','])
        || value.contains("以外")
        || value.contains("以上");
    if range || value.chars().any(char::is_whitespace) || value.chars().count() > 40 {
        ValueKind::Unclear
    } else {
        ValueKind::One
    }
}

/// A list's id is the name of its file.
fn file_id(id: &str) -> String {
    id.chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Finds the list that a field names, also when one of the two ids has lost its leading zeros; a list that is not in
/// the document becomes an open one, so that nothing is claimed.
pub(super) fn resolve(
    field: &mut FieldDraft,
    lists: &mut Vec<CodeListDraft>,
    draft: &mut PackDraft,
) {
    let wanted = one_line(&field.code);
    if is_nothing(&wanted) {
        field.code = String::new();
        return;
    }
    let wanted = file_id(&wanted);
    let bare = |id: &str| id.trim_start_matches('0').to_owned();
    if lists.iter().any(|list| list.id == wanted) {
        field.code = wanted;
        return;
    }
    let digits = wanted.bytes().all(|b| b.is_ascii_digit());
    let same = lists.iter().find(|list| {
        digits && list.id.bytes().all(|b| b.is_ascii_digit()) && bare(&list.id) == bare(&wanted)
    });
    let remark = |message, help| Remark {
        sheet: field.sheet.clone(),
        cell: field.cells.clone(),
        message,
        help,
    };
    match same {
        Some(list) => {
            draft.report.notices.push(remark(
                say(
                    format!(
                        "コード「{wanted}」はコード一覧では「{}」と書かれています",
                        list.id
                    ),
                    format!(
                        "the code `{wanted}` is written `{}` in the code lists",
                        list.id
                    ),
                ),
                say("同じものとしました", "taken as the same"),
            ));
            field.code.clone_from(&list.id);
        }
        None => {
            draft.report.not_interpreted.push(remark(
                say(
                    format!("コード「{wanted}」の一覧がこのブックにありません"),
                    format!("the workbook has no list for the code `{wanted}`"),
                ),
                say(
                    "どの値も許す一覧（*）を置きました。codes/ に値を書いてください",
                    "a list that allows any value (*) was put in place; write the values under codes/",
                ),
            ));
            lists.push(CodeListDraft {
                id: wanted.clone(),
                name: String::new(),
                values: vec![(
                    "*".to_owned(),
                    String::new(),
                    "取込元に一覧がない".to_owned(),
                )],
            });
            field.code = wanted;
        }
    }
}
