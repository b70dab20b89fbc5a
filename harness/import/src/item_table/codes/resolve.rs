//! The list that the column コード of an item means.

use renkei_core::model::Bilingual;

use super::{CodeList, file_id, is_same_id};
use crate::draft::{CodeListDraft, FieldDraft, PackDraft, say};
use crate::headings::key;
use crate::reading::{is_nothing, one_line};
use crate::report::Remark;

/// Puts the id of the list into the field. The cell holds a code id (a list of the business itself), or a business name and
/// a code id (a list of another business). A list that is not in the document, or not a certain one, becomes an open one,
/// so that nothing is claimed.
pub(in crate::item_table) fn resolve(
    field: &mut FieldDraft,
    lists: &mut Vec<CodeList>,
    draft: &mut PackDraft,
) {
    let wanted = one_line(&field.code);
    if is_nothing(&wanted) {
        field.code = String::new();
        return;
    }
    let remark = |message, help| Remark {
        sheet: field.sheet.clone(),
        cell: field.cells.clone(),
        message,
        help,
    };
    let found = candidates(&wanted, lists);
    if let [only] = found.as_slice() {
        let stated = format!(
            "{}{}",
            if only.linked { &only.business } else { "" },
            only.stated
        );
        if key(&stated) != key(&wanted) {
            draft.report.notices.push(remark(
                say(
                    format!("コード「{wanted}」はコード一覧では「{stated}」と書かれています"),
                    format!("the code `{wanted}` is written `{stated}` in the code lists"),
                ),
                say("同じものとしました", "taken as the same"),
            ));
        }
        field.code.clone_from(&only.list.id);
        return;
    }
    let help = say(
        "どの値も許す一覧（*）を置きました。codes/ に値を書いてください",
        "a list that allows any value (*) was put in place; write the values under codes/",
    );
    draft
        .report
        .not_interpreted
        .push(remark(none_or_many(&wanted, &found), help));
    field.code = open_list(&wanted, lists);
}

fn none_or_many(wanted: &str, found: &[&CodeList]) -> Bilingual {
    if found.is_empty() && wanted.contains(['、', ',', '・', '/', ';']) {
        return say(
            format!("コード「{wanted}」は1つの一覧を指していません"),
            format!("the code `{wanted}` does not name one list"),
        );
    }
    if found.is_empty() {
        return say(
            format!("コード「{wanted}」の一覧がこのブックにありません"),
            format!("the workbook has no list for the code `{wanted}`"),
        );
    }
    let names: Vec<&str> = found.iter().map(|list| list.list.id.as_str()).collect();
    let names = names.join("、");
    say(
        format!("コード「{wanted}」の一覧がいくつもあり（{names}）、どれか決められません"),
        format!("several lists fit the code `{wanted}` ({names})"),
    )
}

/// An open list of that name; one for all fields that name it.
fn open_list(wanted: &str, lists: &mut Vec<CodeList>) -> String {
    let id = format!("{}-open", file_id(wanted));
    if lists.iter().all(|list| list.list.id != id) {
        lists.push(CodeList {
            list: CodeListDraft {
                id: id.clone(),
                name: String::new(),
                values: vec![(
                    "*".to_owned(),
                    String::new(),
                    "取込元に一覧がない".to_owned(),
                )],
            },
            ..CodeList::default()
        });
    }
    id
}

/// The lists that a cell may mean; one, if all is well.
fn candidates<'a>(wanted: &str, lists: &'a [CodeList]) -> Vec<&'a CodeList> {
    let known = |fits: &dyn Fn(&CodeList) -> bool| -> Vec<&'a CodeList> {
        lists
            .iter()
            .filter(|list| !list.stated.is_empty() && fits(list))
            .collect()
    };
    let first = |choices: &[Vec<&'a CodeList>]| -> Vec<&'a CodeList> {
        choices
            .iter()
            .find(|c| !c.is_empty())
            .cloned()
            .unwrap_or_default()
    };
    let (business, id) = parts(wanted);
    let business = key(business);
    let same = |list: &CodeList| is_same_id(&list.stated, id);
    if business.is_empty() {
        return first(&[
            known(&|list| !list.linked && list.stated == wanted),
            known(&|list| !list.linked && same(list)),
            known(&same),
        ]);
    }
    first(&[
        known(&|list| key(&list.stated) == key(wanted)),
        known(&|list| same(list) && key(&list.business) == business),
        known(&|list| {
            let of = key(&list.business);
            same(list) && !of.is_empty() && (of.contains(&business) || business.contains(&of))
        }),
        known(&|list| same(list) && list.linked && list.business.is_empty()),
        known(&|list| !list.list.name.is_empty() && key(&list.list.name) == key(wanted)),
    ])
}

/// Business and id of `住民記録_001`; the id is the run of letters and digits at the end.
fn parts(wanted: &str) -> (&str, &str) {
    let from = wanted
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_ascii_alphanumeric())
        .last()
        .map_or(wanted.len(), |(at, _)| at);
    wanted.split_at(from)
}
