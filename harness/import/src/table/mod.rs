//! Layout tables of vendors (項番, 項目名, 型, 桁数, 開始位置 …), read through a mapping that the user has seen.

mod guess;
mod mapping;
mod positions;
mod rows;

use renkei_core::model::{Problem, Problems};

pub(crate) use guess::guess;

use crate::draft::{LayoutDraft, PackDraft, quoted, say};
use crate::headings::{self, Header};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Sheet, Workbook};
use mapping::{Form, KindBy, Mapping};

/// Reads the tables of a workbook into `draft` as one layout.
///
/// # Errors
/// A mapping that cannot be read, headings that are not there, positions that overlap: each with its place.
pub(crate) fn read(
    book: &Workbook,
    only: &[String],
    mapping: (&str, &str),
    draft: &mut PackDraft,
) -> Result<(), Problems> {
    let mapping = Mapping::read(mapping.0, mapping.1)?;
    let mut wanted: Vec<String> = only.to_vec();
    if wanted.is_empty() {
        wanted.clone_from(&mapping.sheets);
    }
    let names = crate::item_table::chosen(book, &wanted)?;
    let mut fields = Vec::new();
    let mut problems = Problems::new();
    for sheet in &book.sheets {
        let chosen = names.contains(&sheet.name);
        if !names.is_empty() && !chosen {
            continue;
        }
        match header(sheet, &mapping) {
            Ok(header) => rows::read(sheet, &header, &mapping, &mut fields, draft, &mut problems),
            Err((at, missing)) => {
                if chosen || book.sheets.len() == 1 {
                    problems.push(sheet.problem(
                        at,
                        say(
                            format!("見出し「{missing}」がありません"),
                            format!("the heading {missing} is missing"),
                        ),
                        say(
                            "[columns] に書いた見出しとシートを確かめてください",
                            "check the headings under [columns] and the sheet",
                        ),
                    ));
                }
                draft.report.sheets.push(SheetReport {
                    sheet: sheet.name.clone(),
                    read_as: "skipped",
                    note: say(
                        format!("見出し「{missing}」がありません"),
                        format!("the heading {missing} is missing"),
                    ),
                    ..SheetReport::default()
                });
            }
        }
    }
    if fields.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file(
            &book.name,
            say(
                "[columns] の見出しを持つシートがありません",
                "no sheet has the headings under [columns]",
            ),
            say(
                "対応ファイルの見出しを確かめてください",
                "check the headings of the mapping",
            ),
        ));
    }
    let lengths = positions::settle(&mut fields, &mapping, &book.name, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let id = crate::reading::slug(&draft.identity.id);
    draft.layouts.push(LayoutDraft {
        id: if id.is_empty() {
            "layout".to_owned()
        } else {
            id
        },
        title: draft.identity.title.clone(),
        settings: settings(&mapping, &fields, lengths),
        fields: fields.into_iter().map(|placed| placed.field).collect(),
    });
    for list in mapping_lists(draft) {
        draft.lists.push(list);
    }
    Ok(())
}

/// There is no table of which a mapping could be guessed.
pub(crate) fn not_found(book: &Workbook) -> Problem {
    Problem::of_file(
        &book.name,
        say(
            "項目の表が見つかりません（項目名と、桁数・バイト数・開始位置の見出しを持つシートがない）",
            "there is no table of fields (no sheet has headings for a name and a length, width or position)",
        ),
        say(
            "見出しと列の対応を --mapping で渡してください",
            "pass a mapping of headings to columns with --mapping",
        ),
    )
}

/// Code lists that fields name and that the table does not hold: open ones, and said.
fn mapping_lists(draft: &mut PackDraft) -> Vec<crate::draft::CodeListDraft> {
    let mut lists: Vec<crate::draft::CodeListDraft> = Vec::new();
    for field in draft.layouts.iter().flat_map(|layout| &layout.fields) {
        if field.code.is_empty() || lists.iter().any(|list| list.id == field.code) {
            continue;
        }
        lists.push(crate::draft::CodeListDraft {
            id: field.code.clone(),
            name: String::new(),
            values: vec![(
                "*".to_owned(),
                String::new(),
                "取込元に一覧がない".to_owned(),
            )],
        });
        draft.report.notices.push(Remark::whole(
            say(
                format!("コード「{}」の一覧がありません", field.code),
                format!("there is no list for the code `{}`", field.code),
            ),
            say(
                "どの値も許す一覧（*）を置きました",
                "a list that allows any value (*) was put in place",
            ),
        ));
    }
    lists
}

/// The header by the mapping's headings; else the cell where it was looked for and what is missing.
fn header(sheet: &Sheet, mapping: &Mapping) -> Result<Header, (At, String)> {
    let known = mapping.known();
    let mut best: (usize, At, String) = (0, At::new(1, 1), String::new());
    let rows: Vec<u32> = match mapping.header_row {
        Some(row) => vec![row],
        None => sheet.rows().collect(),
    };
    for row in rows {
        let header = headings::by_names(sheet, row, &known);
        let missing: Vec<&str> = known
            .iter()
            .filter(|(id, _)| !header.columns.contains_key(id))
            .map(|(_, heading)| heading.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(header);
        }
        let count = header.columns.len();
        if count >= best.0 && best.2.is_empty() || count > best.0 {
            let column = header.columns.values().map(|(c, _)| *c).min().unwrap_or(1);
            best = (count, At::new(row, column), missing.join("、"));
        }
    }
    Err((best.1, best.2))
}

fn settings(mapping: &Mapping, fields: &[rows::Placed], lengths: Option<u32>) -> String {
    let mut out = match (mapping.form, lengths) {
        (Form::Fixed, Some(length)) => format!("form = \"fixed\"\nrecord_length = {length}\n"),
        _ => "form = \"delimited\"\n".to_owned(),
    };
    if !mapping.sequence.is_empty() {
        out.push_str(&format!("sequence = {}\n", quoted(&mapping.sequence)));
    }
    out.push_str(&format!(
        "\n[file]                               # 対応ファイルのとおり\nencoding = {}\nnewline = {}\nlength_unit = {}\n",
        quoted(&mapping.encoding),
        quoted(&mapping.newline),
        quoted(&mapping.length_unit)
    ));
    if mapping.form == Form::Fixed {
        out.push_str("empty = \"spaces\"\n");
    } else {
        out.push_str(&format!("header = {}\n", quoted(&mapping.header)));
    }
    if mapping.kind_by != KindBy::None {
        for (id, kind) in &mapping.kinds {
            if fields.iter().any(|placed| placed.field.kind == *id) {
                out.push_str(&format!(
                    "\n[[kind]]\nid = {}\ntitle = {{ ja = {1}, en = {1} }}\nstart = {2}\nvalue = {3}\n",
                    quoted(id),
                    quoted(&kind.matches),
                    kind.start,
                    quoted(&kind.value)
                ));
            }
        }
    }
    out
}
