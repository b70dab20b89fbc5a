//! Rows of a vendor's table.

use renkei_core::model::Problems;

use super::mapping::{KindBy, Mapping};
use crate::draft::{FieldDraft, PackDraft, say};
use crate::headings::Header;
use crate::reading::{self, Length, is_nothing, joined, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Range, Sheet};

/// A field with the cell of its position.
pub(super) struct Placed {
    pub(super) field: FieldDraft,
    /// Where positions are stated, for problems: sheet and cell.
    pub(super) place: String,
    pub(super) start: Option<u32>,
    pub(super) width: Option<u32>,
}

/// Reads one sheet.
pub(super) fn read(
    sheet: &Sheet,
    header: &Header,
    mapping: &Mapping,
    fields: &mut Vec<Placed>,
    draft: &mut PackDraft,
    problems: &mut Problems,
) {
    let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
    let mut report = SheetReport {
        sheet: sheet.name.clone(),
        read_as: "layout-table",
        header: At::new(header.first, column).to_string(),
        ..SheetReport::default()
    };
    let mut kind = String::new();
    for row in sheet.rows().filter(|row| *row > header.last) {
        if header.is_repeated(sheet, row) {
            continue;
        }
        report.rows_read += 1;
        let says = |id: &str| {
            let cell = header.at(row, id).and_then(|at| sheet.merged_cell(at));
            cell.is_some_and(|cell| cell.uncomputed() || !is_nothing(&cell.shown))
        };
        if !says("name")
            || !["type", "length", "start", "width"]
                .iter()
                .any(|id| says(id))
        {
            report.rows_skipped += 1;
            continue;
        }
        let before = draft.report.not_interpreted.len();
        kind = kind_of(sheet, header, row, mapping, kind, problems);
        let placed = one(sheet, header, row, mapping, &kind, draft, problems);
        if draft.report.not_interpreted.len() == before {
            report.rows_interpreted += 1;
        } else {
            report.rows_not_interpreted += 1;
        }
        fields.push(placed);
    }
    draft.report.sheets.push(report);
}

fn kind_of(
    sheet: &Sheet,
    header: &Header,
    row: u32,
    mapping: &Mapping,
    last: String,
    problems: &mut Problems,
) -> String {
    let (said, at) = match mapping.kind_by {
        KindBy::None => return String::new(),
        KindBy::Sheet => (sheet.name.clone(), At::new(row, 1)),
        KindBy::Column => (
            one_line(header.text(sheet, row, "kind")),
            header.at(row, "kind").unwrap_or(At::new(row, 1)),
        ),
    };
    if is_nothing(&said) && !last.is_empty() {
        return last;
    }
    let wanted = crate::workbook::fold(&said);
    let found = mapping
        .kinds
        .iter()
        .find(|(_, rule)| crate::workbook::fold(&rule.matches) == wanted);
    match found {
        Some((id, _)) => id.clone(),
        None => {
            problems.push(sheet.problem(
                at,
                say(
                    format!("レコード種別「{said}」が対応ファイルの [kinds] にありません"),
                    format!("the record kind `{said}` is not under [kinds] of the mapping"),
                ),
                say(
                    "[kinds.…] に match と value を書いてください",
                    "write match and value under [kinds.…]",
                ),
            ));
            String::new()
        }
    }
}

fn one(
    sheet: &Sheet,
    header: &Header,
    row: u32,
    mapping: &Mapping,
    kind: &str,
    draft: &mut PackDraft,
    problems: &mut Problems,
) -> Placed {
    let text = |id: &str| {
        let text = header.text(sheet, row, id);
        if is_nothing(text) {
            String::new()
        } else {
            text.to_owned()
        }
    };
    let mut failed = |id: &str, ja: String, en: String, help: (&str, &str)| {
        let at = header.at(row, id).unwrap_or(At::new(row, 1));
        draft
            .report
            .not_interpreted
            .push(Remark::at(sheet, at, say(ja, en), say(help.0, help.1)));
    };
    let mut number = |id: &str| -> Option<u32> {
        let raw = text(id);
        match reading::length(&raw) {
            Some(Length::None) => {
                let at = header.at(row, id)?;
                if sheet.merged_cell(at).is_some_and(|cell| cell.uncomputed()) {
                    problems.push(sheet.problem(
                        at,
                        say(
                            "数式の計算結果が保存されていません",
                            "the formula has no saved result",
                        ),
                        say(
                            "Excelで開いて保存し直してください",
                            "open it in Excel and save it",
                        ),
                    ));
                }
                None
            }
            Some(Length::Stated(n)) if !n.contains(',') => n.parse().ok(),
            _ => {
                let at = header.at(row, id)?;
                problems.push(sheet.problem(
                    at,
                    say(
                        format!("「{}」は位置や長さの数ではありません", joined(&raw)),
                        format!("`{}` is no number of a position or length", joined(&raw)),
                    ),
                    say("数字を書いてください", "write digits"),
                ));
                None
            }
        }
    };
    let name = joined(&text("name"));
    let (mut start, mut width) = (None, number("width"));
    let position = one_line(&text("start"));
    match position.split_once(['-', '~', '〜']) {
        Some((from, to)) => {
            let pair = (from.trim().parse::<u32>(), to.trim().parse::<u32>());
            if let (Ok(from), Ok(to)) = pair
                && from >= 1
                && to >= from
            {
                start = Some(from);
                width = width.or(Some(to - from + 1));
            }
        }
        None => start = number("start"),
    }
    let raw_length = text("length");
    let length = match reading::length(&raw_length) {
        Some(Length::Stated(length)) => length,
        Some(Length::None) => String::new(),
        None => {
            failed(
                "length",
                format!("桁数「{}」を解釈できません", joined(&raw_length)),
                format!("the length `{}` cannot be interpreted", joined(&raw_length)),
                ("桁数を検査しません", "its length is not checked"),
            );
            String::new()
        }
    };
    let word = one_line(&text("type"));
    let filler = [
        "予備",
        "フィラー",
        "ダミー",
        "FILLER",
        "filler",
        "未使用",
        "余白",
    ]
    .iter()
    .any(|f| name.starts_with(f));
    let data_type = if filler {
        "DUMMY".to_owned()
    } else {
        let folded = crate::workbook::fold(&word);
        let told = mapping
            .types
            .iter()
            .find(|(w, _)| crate::workbook::fold(w) == folded);
        match told.map(|(_, t)| t.clone()) {
            Some(known) => known,
            None => {
                failed(
                    "type",
                    format!("型「{word}」が対応ファイルの [types] にありません"),
                    format!("the type `{word}` is not under [types] of the mapping"),
                    (
                        "値を検査しない項目（BLOB）として取り込みました",
                        "taken over as an item whose value is not checked (BLOB)",
                    ),
                );
                "BLOB".to_owned()
            }
        }
    };
    let output = match one_line(&text("output")).as_str() {
        "" | "任意" | "×" | "-" => "optional",
        "必須" | "○" | "〇" | "◎" | "●" | "Y" | "M" | "required" => "required",
        "条件付き必須" | "条件付必須" | "△" | "条件付き" => "conditional",
        other => {
            let other = other.to_owned();
            failed(
                "output",
                format!("必須区分「{other}」を解釈できません"),
                format!("`{other}` does not say whether the item is required"),
                ("任意としました", "taken as optional"),
            );
            "optional"
        }
    };
    let columns = header.columns.values().map(|(column, _)| *column);
    let cells = Range {
        from: At::new(row, columns.clone().min().unwrap_or(1)),
        to: At::new(row, columns.max().unwrap_or(1)),
    };
    let roman: String = one_line(&text("roman"))
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let key = reading::mark(&text("pk")) == Some(true);
    let at = header
        .at(row, "start")
        .or(header.at(row, "width"))
        .or(header.at(row, "length"));
    let field = FieldDraft {
        kind: kind.to_owned(),
        sensitive: reading::sensitivity(&name, &data_type),
        format: reading::format(&name, &data_type, &length, &text("note")).to_owned(),
        primary_key: key,
        code: one_line(&text("code")).replace(['/', '\\', ' '], "-"),
        decimals: number("decimals").map_or(String::new(), |n| n.to_string()),
        fixed_value: one_line(&text("fixed_value"))
            .trim_matches(['"', '「', '」'])
            .to_owned(),
        sample: text("sample").lines().next().unwrap_or("").to_owned(),
        note: text("note"),
        name,
        roman,
        data_type,
        length,
        output,
        sheet: sheet.name.clone(),
        cells: cells.to_string(),
        ..FieldDraft::default()
    };
    Placed {
        field,
        place: sheet.place(at.unwrap_or(At::new(row, 1))),
        start,
        width,
    }
}
