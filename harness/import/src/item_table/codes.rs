//! コード一覧: code id, code name, value, meaning; id and name stand once per list. コード一覧（個別） holds the lists of the
//! business itself, コード一覧（連携） those of other businesses, each with its 業務名 (凡例）列項目説明 D13).

mod resolve;

use crate::draft::{CodeListDraft, PackDraft, say};
use crate::headings::{self, Header, Known};
use crate::reading::{is_nothing, joined, one_line};
use crate::report::{Remark, Report, SheetReport};
use crate::workbook::{At, Sheet};

pub(super) use resolve::resolve;

/// A list with the place that it has in the document.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeList {
    pub(super) list: CodeListDraft,
    /// Code id as the sheet has it, without regard to width.
    stated: String,
    /// 業務名, or empty.
    business: String,
    /// True for lists of other businesses.
    linked: bool,
}

const COLUMNS: &[Known] = &[
    Known {
        id: "business",
        names: &["業務名", "業務", "業務名称"],
    },
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

/// Reads a sheet of code lists into `lists`; false when it is none.
pub(super) fn read(sheet: &Sheet, lists: &mut Vec<CodeList>, draft: &mut PackDraft) -> bool {
    let Ok(header) = headings::find(sheet, 1, COLUMNS, &["id", "value"]) else {
        return false;
    };
    let column = header.column("id").unwrap_or(1);
    let mut report = SheetReport {
        sheet: sheet.name.clone(),
        read_as: "code-list",
        header: At::new(header.first, column).to_string(),
        ..SheetReport::default()
    };
    let mut head = CodeList {
        business: business_above(sheet, header.first),
        linked: is_linked(sheet, &header),
        ..CodeList::default()
    };
    let mut current: Option<usize> = None;
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
        if !is_nothing(&text("business")) {
            head.business = one_line(&text("business"));
        }
        if !is_nothing(&id) {
            head.stated = id;
            head.list.name = joined(&text("name"));
            current = Some(place_of(&head, lists, &sheet.name));
        }
        let Some(list) = current.and_then(|at| lists.get_mut(at)) else {
            report.rows_skipped += 1;
            continue;
        };
        let list = &mut list.list;
        let value = one_line(&value);
        if value.is_empty() {
            report.rows_skipped += 1;
            continue;
        }
        let (meaning, note) = (joined(&text("meaning")), joined(&text("note")));
        match kind_of_value(&value) {
            ValueKind::One => {
                let at = header.at(row, "value").unwrap_or(At::new(row, 1));
                let before = draft.report.not_interpreted.len();
                add(list, (value, meaning, note), (sheet, at), &mut draft.report);
                if draft.report.not_interpreted.len() == before {
                    report.rows_interpreted += 1;
                } else {
                    report.rows_not_interpreted += 1;
                }
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
    true
}

/// Adds a value to its list. One that stands there already is left out: with the same meaning it says nothing new, with
/// another one the document contradicts itself.
fn add(
    list: &mut CodeListDraft,
    (value, meaning, note): (String, String, String),
    (sheet, at): (&Sheet, At),
    report: &mut Report,
) {
    let Some((_, known, _)) = list.values.iter().find(|(other, ..)| *other == value) else {
        list.values.push((value, meaning, note));
        return;
    };
    let id = &list.id;
    let message = say(
        format!("コード一覧 {id} に値「{value}」が2回あります（「{known}」と「{meaning}」）"),
        format!("the list {id} has the value `{value}` twice (`{known}` and `{meaning}`)"),
    );
    let help = say("先の行を取り込みました", "the first row was taken over");
    let remark = Remark::at(sheet, at, message, help);
    if *known == meaning {
        report.notices.push(remark);
    } else {
        report.not_interpreted.push(remark);
    }
}

/// `業務名` above the table, with the name below or beside it.
fn business_above(sheet: &Sheet, header: u32) -> String {
    let Some(at) = sheet.find("業務名").filter(|at| at.row < header) else {
        return String::new();
    };
    [at.below(1), at.right(1)]
        .into_iter()
        .filter(|beside| beside.row < header)
        .map(|beside| one_line(sheet.merged_text(beside)))
        .find(|text| !is_nothing(text) && text != "業務名")
        .unwrap_or_default()
}

fn is_linked(sheet: &Sheet, header: &Header) -> bool {
    sheet.name.contains("連携")
        || (header.column("business").is_some() && !sheet.name.contains("個別"))
}

/// Where the list that `head` names stands in `lists`; a new one where it is not yet there.
fn place_of(head: &CodeList, lists: &mut Vec<CodeList>, sheet: &str) -> usize {
    let known = lists.iter().position(|list| {
        is_same_id(&list.stated, &head.stated)
            && list.linked == head.linked
            && list.business == head.business
    });
    if let Some(at) = known {
        return at;
    }
    let mut new = head.clone();
    let taken = |id: &str| lists.iter().any(|list| list.list.id == id);
    let before = if head.business.is_empty() {
        sheet
    } else {
        &head.business
    };
    new.list.id = file_id(&head.stated);
    if head.linked || taken(&new.list.id) {
        new.list.id = file_id(&format!("{before}-{}", head.stated));
    }
    let plain = new.list.id.clone();
    for count in 2..=lists.len() + 2 {
        if !taken(&new.list.id) {
            break;
        }
        new.list.id = format!("{plain}-{count}");
    }
    lists.push(new);
    lists.len() - 1
}

/// Two ids of lists are one when only leading zeros differ.
fn is_same_id(a: &str, b: &str) -> bool {
    let digits = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    a == b || (digits(a) && digits(b) && a.trim_start_matches('0') == b.trim_start_matches('0'))
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
