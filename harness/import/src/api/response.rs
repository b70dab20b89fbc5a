//! Response tables: rows with a level each, one block for each HTTP status.

use serde_json::{Map, Value, json};

use super::columns::{RESPONSE, RESPONSE_NEEDED};
use super::item::{self, Item, Shape};
use super::{Answer, Found, labelled, request, table_call};
use crate::draft::{PackDraft, say};
use crate::headings::{self, Header};
use crate::reading::{is_nothing, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet};

/// An answer while its rows are read: status, title, level and item of each row.
type Block = (String, String, Vec<(u32, Item)>);

/// Reads every response table of a sheet.
pub(super) fn read(sheet: &Sheet, found: &mut Found, draft: &mut PackDraft) {
    let mut from = 1;
    while let Ok(header) = headings::find(sheet, from, RESPONSE, RESPONSE_NEEDED) {
        from = header.last + 1;
        let next = headings::find(sheet, from, RESPONSE, RESPONSE_NEEDED)
            .map_or(u32::MAX, |next| next.first);
        table(sheet, &header, next, found, draft);
    }
}

fn table(sheet: &Sheet, header: &Header, next: u32, found: &mut Found, draft: &mut PackDraft) {
    let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
    let mut report = SheetReport {
        sheet: sheet.name.clone(),
        read_as: "api-response",
        header: At::new(header.first, column).to_string(),
        ..SheetReport::default()
    };
    let call = table_call(sheet, &["レスポンスID"], header, draft);
    let media = labelled(sheet, &["Content-Type"], header.first).map_or(String::new(), |(_, m)| m);
    let mut block: Option<Block> = None;
    let mut blocks = Vec::new();
    for row in sheet.rows().filter(|row| *row > header.last && *row < next) {
        if is_end(sheet, row) {
            break;
        }
        if header.is_numbering(sheet, row) || header.is_repeated(sheet, row) {
            continue;
        }
        report.rows_read += 1;
        if let Some((status, title)) = status(sheet, row) {
            report.rows_skipped += 1;
            blocks.extend(block.replace((status, title, Vec::new())));
            continue;
        }
        item::refuse_unknown_name(sheet, header, row, "object", draft);
        let level = one_line(header.text(sheet, row, "level"));
        let name = indented_name(sheet, header, row, "object");
        let Ok(level) = level.parse::<u32>() else {
            // The second row of the headings, where the first one says all that is needed.
            let heading = headings::key(&name) == headings::key("階層");
            if is_nothing(&level) && (name.is_empty() || heading) {
                report.rows_skipped += 1; // the closing brackets of the example
            } else {
                report.rows_not_interpreted += 1;
                remark(
                    sheet,
                    header,
                    row,
                    "level",
                    &format!("レベル「{level}」"),
                    &format!("the level `{level}`"),
                    draft,
                );
            }
            continue;
        };
        let root = level == 1;
        if !root && !request::is_machine_name(&name) {
            report.rows_not_interpreted += 1;
            remark(
                sheet,
                header,
                row,
                "object",
                &format!("オブジェクト名「{name}」"),
                &format!("the object name `{name}`"),
                draft,
            );
            continue;
        }
        let (item, fine) = item::read(sheet, header, row, name, draft);
        if fine {
            report.rows_interpreted += 1;
        } else {
            report.rows_not_interpreted += 1;
        }
        block
            .get_or_insert_with(|| ("200".to_owned(), String::new(), Vec::new()))
            .2
            .push((level, item));
    }
    blocks.extend(block);
    for (status, title, rows) in blocks {
        if rows.is_empty() {
            continue;
        }
        let mut at = 0;
        let schema = object(&rows, &mut at, 1);
        let mut items: Vec<Item> = rows
            .into_iter()
            .map(|(level, item)| Item { level, ..item })
            .collect();
        item::give_pointers(&mut items, 1);
        item::tell_twins(&items, draft);
        found.answers.push(Answer {
            call: call.clone(),
            media: media.clone(),
            status,
            title,
            schema: Value::Object(schema),
            items,
        });
    }
    draft.report.sheets.push(report);
}

fn remark(
    sheet: &Sheet,
    header: &Header,
    row: u32,
    id: &str,
    ja: &str,
    en: &str,
    draft: &mut PackDraft,
) {
    let at = header.at(row, id).unwrap_or(At::new(row, 1));
    draft.report.not_interpreted.push(Remark::at(
        sheet,
        at,
        say(
            format!("{ja}を解釈できません"),
            format!("{en} cannot be interpreted"),
        ),
        say("この行は取り込んでいません", "the row was not taken over"),
    ));
}

/// The name in whichever of the indented columns of a heading it stands.
pub(super) fn indented_name(sheet: &Sheet, header: &Header, row: u32, id: &str) -> String {
    let Some((first, last)) = header.columns.get(id).copied() else {
        return String::new();
    };
    (first..=last)
        .map(|column| one_line(sheet.text(At::new(row, column))))
        .find(|text| !is_nothing(text))
        .unwrap_or_default()
}

/// `■正常系（HTTPステータスコード：200、…）`.
fn status(sheet: &Sheet, row: u32) -> Option<(String, String)> {
    sheet.row(row).find_map(|(_, cell)| {
        let text = one_line(&cell.shown);
        let (_, after) = text.split_once("ステータスコード")?;
        let digits: String = after
            .trim_start_matches([':', ' ', '=', '(', '・'])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let title = text.trim_start_matches('■').to_owned();
        (digits.len() == 3).then_some((digits, title))
    })
}

/// True where the next table begins.
pub(super) fn is_end(sheet: &Sheet, row: u32) -> bool {
    let labels = ["エラーコード一覧", "レスポンスID", "リクエストID"];
    sheet.row(row).any(|(_, cell)| {
        let text = headings::key(&cell.shown);
        labels.iter().any(|label| text == headings::key(label))
    })
}

/// A list of the values that `value` describes; what the row says of the item itself is said of the list.
fn list_of(mut value: Map<String, Value>) -> Map<String, Value> {
    let mut list = Map::new();
    for key in ["title", "description", "nullable", "x-row"] {
        if let Some(said) = value.remove(key) {
            list.insert(key.to_owned(), said);
        }
    }
    // null was for the list, not for what stands in it
    if let Some(Value::Array(values)) = value.get_mut("enum") {
        values.retain(|one| !one.is_null());
    }
    list.insert("type".into(), json!("array"));
    list.insert("items".into(), Value::Object(value));
    list
}

/// The object whose row (or first member) is at `at`; members are the following rows of the next level.
pub(super) fn object(rows: &[(u32, Item)], at: &mut usize, level: u32) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut members = Map::new();
    let mut required = Vec::new();
    let starts_here = rows.get(*at).is_some_and(|(l, _)| *l == level);
    if starts_here {
        *at += 1;
    }
    while let Some((child, item)) = rows.get(*at) {
        if *child <= level {
            break;
        }
        let child = *child;
        let mut value = item.schema();
        if item.required {
            required.push(json!(item.name));
        }
        match item.shape {
            Shape::Value => *at += 1,
            Shape::List => {
                value = list_of(value);
                *at += 1;
            }
            Shape::Object | Shape::ListOfObjects => {
                let inner = object(rows, at, child);
                value.remove("enum");
                if item.shape == Shape::Object {
                    value.extend(inner);
                } else {
                    value.insert("type".into(), json!("array"));
                    value.insert("items".into(), Value::Object(inner));
                }
            }
        }
        members.insert(item.name.clone(), Value::Object(value));
    }
    schema.insert("type".into(), json!("object"));
    if !required.is_empty() {
        schema.insert("required".into(), Value::Array(required));
    }
    schema.insert("properties".into(), Value::Object(members));
    schema
}
