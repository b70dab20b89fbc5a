//! The standard's 基本データリスト and 項目定義書: 18 columns under a header of two rows, one group one file.

mod codes;
mod columns;
mod condition;
mod rows;

use std::collections::BTreeMap;

use renkei_core::model::{Bilingual, Problem, Problems};

pub(crate) use condition::derive as derive_condition;

use crate::draft::{DELIMITED, FieldDraft, LayoutDraft, PackDraft, say};
use crate::headings::{self, Header};
use crate::reading::{one_line, slug};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet, Workbook};
use columns::{COLUMNS, NEEDED};

/// True when some sheet has the header of an item table, or a part of it that other tables have not.
pub(crate) fn is_item_table(book: &Workbook) -> bool {
    let telling = ["roman", "item_id", "group", "output"];
    book.sheets.iter().any(|sheet| {
        let header = match headings::find(sheet, 1, COLUMNS, NEEDED) {
            Ok(header) => header,
            Err(Some((header, _))) if header.columns.len() >= 5 => header,
            Err(_) => return false,
        };
        let told = telling.iter().filter(|id| header.columns.contains_key(*id));
        told.count() >= 2
    })
}

/// Reads the item tables and code lists of a workbook into `draft`; `only` names the sheets to read, empty for all.
///
/// # Errors
/// No sheet has the header of an item table; a problem for each sheet that comes near.
pub(crate) fn read(
    book: &Workbook,
    only: &[String],
    draft: &mut PackDraft,
) -> Result<(), Problems> {
    let mut groups: Vec<(String, Vec<FieldDraft>)> = Vec::new();
    let mut lists: Vec<codes::CodeList> = Vec::new();
    let mut near: Problems = Vec::new();
    let chosen = chosen(book, only)?;
    for sheet in &book.sheets {
        let header = headings::find(sheet, 1, COLUMNS, NEEDED);
        let asked = chosen.contains(&sheet.name);
        let readable = !sheet.hidden || asked;
        if readable && header.is_err() && codes::read(sheet, &mut lists, draft) {
            continue;
        }
        if !chosen.is_empty() && !asked {
            skip(
                draft,
                sheet,
                say("--sheet で選ばれていません", "not chosen by --sheet"),
            );
            continue;
        }
        if sheet.hidden && !asked {
            skip(
                draft,
                sheet,
                say(
                    "非表示のシートです（読むなら --sheet で選ぶ）",
                    "a hidden sheet (choose it with --sheet to read it)",
                ),
            );
            continue;
        }
        match header {
            Ok(header) => {
                title_of(sheet, header.first, draft);
                rows::read(sheet, header, &mut groups, draft);
            }
            Err(best) => {
                let (note, problem) = no_header(sheet, best, asked);
                near.extend(problem);
                skip(draft, sheet, note);
            }
        }
    }
    if groups.iter().all(|(_, fields)| fields.is_empty()) {
        if near.is_empty() {
            near.push(Problem::of_file(
                &book.name,
                say(
                    "項目の表が見つかりません（データ項目、データ型、桁数の見出しを持つシートがない）",
                    "there is no table of items (no sheet has the headings データ項目, データ型, 桁数)",
                ),
                say(
                    "見出しが違う表は --mapping で列を示してください",
                    "for a table with other headings name its columns with --mapping",
                ),
            ));
        }
        return Err(near);
    }
    for problem in near {
        draft.report.not_interpreted.push(Remark::whole(
            say(
                format!("{}: {}", problem.file, problem.message.ja),
                format!("{}: {}", problem.file, problem.message.en),
            ),
            problem.help,
        ));
    }
    finish(groups, lists, draft);
    Ok(())
}

/// The sheets that were asked for, by their real names.
pub(crate) fn chosen(book: &Workbook, only: &[String]) -> Result<Vec<String>, Problems> {
    let mut names = Vec::new();
    let mut problems = Problems::new();
    for name in only {
        match book.asked_sheet(name) {
            Ok(sheet) => names.push(sheet.name.clone()),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(names)
    } else {
        Err(problems)
    }
}

/// `■地方公共団体情報システム-（…）項目定義書` above the table names the document.
fn title_of(sheet: &Sheet, header: u32, draft: &mut PackDraft) {
    let title = sheet
        .cells()
        .take_while(|(at, _)| at.row < header)
        .map(|(_, cell)| one_line(&cell.shown))
        .find(|text| text.starts_with('■') && text.chars().count() > 3);
    if let Some(title) = title {
        title
            .trim_start_matches('■')
            .clone_into(&mut draft.identity.document);
    }
}

fn skip(draft: &mut PackDraft, sheet: &Sheet, note: Bilingual) {
    draft.report.sheets.push(SheetReport {
        sheet: sheet.name.clone(),
        read_as: "skipped",
        note,
        ..SheetReport::default()
    });
}

/// What to say about a sheet without the header; a problem when it comes near, or when it was asked for.
fn no_header(
    sheet: &Sheet,
    best: Option<(Header, Vec<&'static str>)>,
    asked: bool,
) -> (Bilingual, Option<Problem>) {
    let heading = |id: &&'static str| {
        COLUMNS
            .iter()
            .find(|one| one.id == *id)
            .and_then(|one| one.names.first())
            .copied()
            .unwrap_or(id)
    };
    match best {
        Some((header, missing)) if asked || (header.columns.len() >= 4 && missing.len() <= 2) => {
            let names: Vec<&str> = missing.iter().map(heading).collect();
            let names = names.join("、");
            let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
            let message = say(
                format!("見出し「{names}」がありません"),
                format!("the headings {names} are missing"),
            );
            let help = say(
                "見出しの行に足すか、--mapping で列を示してください",
                "add them to the header row, or name the columns with --mapping",
            );
            let problem = sheet.problem(At::new(header.first, column), message.clone(), help);
            (message, Some(problem))
        }
        _ => {
            let message = say(
                "項目の表の見出し（データ項目、データ型、桁数）がありません",
                "it has not the headings of an item table (データ項目, データ型, 桁数)",
            );
            let help = say("シートを確かめてください", "check the sheet");
            let problem = asked.then(|| sheet.sheet_problem(message.clone(), help));
            (message, problem)
        }
    }
}

fn finish(
    groups: Vec<(String, Vec<FieldDraft>)>,
    mut lists: Vec<codes::CodeList>,
    draft: &mut PackDraft,
) {
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for (group, mut fields) in groups {
        if fields.is_empty() {
            continue;
        }
        number(&mut fields, draft);
        for field in &mut fields {
            codes::resolve(field, &mut lists, draft);
        }
        conditions(&mut fields);
        let mut id = slug(&group);
        if id.is_empty() {
            id = "layout".to_owned();
        }
        let count = ids.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            id = format!("{id}-{count}");
        }
        draft.layouts.push(LayoutDraft {
            id,
            title: one_line(&group),
            fields,
            settings: DELIMITED.to_owned(),
        });
    }
    draft.lists.extend(lists.into_iter().map(|list| list.list));
}

/// Numbers the fields of a group and makes their machine names unique.
fn number(fields: &mut [FieldDraft], draft: &mut PackDraft) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, field) in fields.iter_mut().enumerate() {
        field.no = at + 1;
        if field.roman.is_empty() {
            field.roman = format!("item_{}", field.no);
        }
        if field.name.trim().is_empty() {
            field.name.clone_from(&field.roman);
        }
        let count = seen.entry(field.roman.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            let unique = format!("{}_{count}", field.roman);
            draft.report.not_interpreted.push(Remark {
                sheet: field.sheet.clone(),
                cell: field.cells.clone(),
                message: say(
                    format!("ローマ字「{}」が同じグループに2つあります", field.roman),
                    format!("`{}` appears twice in the group", field.roman),
                ),
                help: say(
                    format!("{unique} として取り込みました"),
                    format!("taken over as {unique}"),
                ),
            });
            field.roman = unique;
        }
    }
}

/// Conditions that speak only of items of the group and their values.
fn conditions(fields: &mut [FieldDraft]) {
    let names: Vec<(String, String)> = fields
        .iter()
        .map(|field| (field.name.clone(), field.roman.clone()))
        .collect();
    for field in fields.iter_mut().filter(|f| f.output == "conditional") {
        if let Some(condition) = derive_condition(&field.note, &names, &field.roman) {
            field.condition = condition;
        }
    }
}
