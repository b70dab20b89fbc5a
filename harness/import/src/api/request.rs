//! Request tables.

use super::columns::{REQUEST, REQUEST_NEEDED};
use super::item::Shape;
use super::response::{indented_name, is_end};
use super::{Found, RequestTable, item, labelled, table_call};
use crate::draft::{PackDraft, say};
use crate::headings;
use crate::reading::{is_nothing, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet};

/// Reads every request table of a sheet.
pub(super) fn read(sheet: &Sheet, found: &mut Found, draft: &mut PackDraft) {
    let mut from = 1;
    while let Ok(header) = headings::find(sheet, from, REQUEST, REQUEST_NEEDED) {
        from = header.last + 1;
        if header.column("param").is_none() {
            continue;
        }
        let next = headings::find(sheet, from, REQUEST, REQUEST_NEEDED)
            .map_or(u32::MAX, |next| next.first);
        let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
        let mut report = SheetReport {
            sheet: sheet.name.clone(),
            read_as: "api-request",
            header: At::new(header.first, column).to_string(),
            ..SheetReport::default()
        };
        let mut table = RequestTable {
            call: table_call(sheet, &["リクエストID"], &header, draft),
            media: labelled(sheet, &["Content-Type"], header.first)
                .map_or(String::new(), |(_, m)| m),
            sheet: sheet.name.clone(),
            ..RequestTable::default()
        };
        for row in sheet.rows().filter(|row| *row > header.last && *row < next) {
            if is_end(sheet, row) {
                break;
            }
            if header.is_numbering(sheet, row) || header.is_repeated(sheet, row) {
                continue;
            }
            report.rows_read += 1;
            item::refuse_unknown_name(sheet, &header, row, "param", draft);
            let name = indented_name(sheet, &header, row, "param");
            let fits = !is_nothing(&name) && is_machine_name(&name);
            let typed = !is_nothing(header.text(sheet, row, "type"));
            if !fits {
                if typed || (!is_nothing(&name) && !is_nothing(header.text(sheet, row, "name"))) {
                    report.rows_not_interpreted += 1;
                    let at = header.at(row, "param").unwrap_or(At::new(row, 1));
                    draft.report.not_interpreted.push(Remark::at(
                        sheet,
                        at,
                        say(
                            format!("パラメータ名「{name}」を解釈できません"),
                            format!("the parameter name `{name}` cannot be interpreted"),
                        ),
                        say("この行は取り込んでいません", "the row was not taken over"),
                    ));
                } else {
                    report.rows_skipped += 1;
                }
                continue;
            }
            let (mut item, mut fine) = item::read(sheet, &header, row, name, draft);
            match level(sheet, &header, row) {
                Ok(level) => item.level = level,
                Err(said) => {
                    fine = false;
                    draft
                        .report
                        .not_interpreted
                        .push(no_level(sheet, &header, row, &said));
                }
            }
            let structured = matches!(item.shape, Shape::Object | Shape::ListOfObjects);
            if structured && header.column("level").is_none() {
                fine = false;
                let at = header.at(row, "type").unwrap_or(At::new(row, 1));
                let name = &item.name;
                draft.report.not_interpreted.push(Remark::at(
                    sheet,
                    at,
                    say(
                        format!("「{name}」は構造ですが、表にレベルの列がなく、どの項目がその中かを解釈できません"),
                        format!("`{name}` is a structure, but the table has no levels: which items stand in it cannot be interpreted"),
                    ),
                    say(
                        "中身を問わない項目とし、続く項目は最上位としました",
                        "taken over with any content; the items after it stand in the body itself",
                    ),
                ));
            }
            if fine {
                report.rows_interpreted += 1;
            } else {
                report.rows_not_interpreted += 1;
            }
            table.items.push(item);
        }
        item::give_pointers(&mut table.items, 0);
        item::tell_twins(&table.items, draft);
        draft.report.sheets.push(report);
        found.requests.push(table);
    }
}

/// What a row says of its level: 0 where the table has no such column.
fn level(sheet: &Sheet, header: &headings::Header, row: u32) -> Result<u32, String> {
    let said = one_line(header.text(sheet, row, "level"));
    if is_nothing(&said) {
        return Ok(0);
    }
    said.parse().map_err(|_| said)
}

/// Letters, digits, `_`, `-`, `.`, `$`: what names of JSON members in the standard are made of.
pub(super) fn is_machine_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$'))
}

fn no_level(sheet: &Sheet, header: &headings::Header, row: u32, said: &str) -> Remark {
    Remark::at(
        sheet,
        header.at(row, "level").unwrap_or(At::new(row, 1)),
        say(
            format!("レベル「{said}」を解釈できません"),
            format!("the level `{said}` cannot be interpreted"),
        ),
        say(
            "最上位の項目としました",
            "taken as an item of the body itself",
        ),
    )
}
