//! One row of a request or response table as an item and as a JSON Schema.

use std::collections::BTreeMap;

use super::example;
use crate::draft::{PackDraft, say, unsaved};
use crate::headings::Header;
use crate::reading::{self, Length, is_nothing, joined, one_line};
use crate::report::Remark;
use crate::workbook::{At, Cell, Sheet};
use renkei_core::model::Bilingual;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A value of one of the nine types, or text of mixed width.
    Value,
    /// 構造化
    Object,
    /// 配列構造化
    ListOfObjects,
    /// 配列 of values.
    List,
}

/// One item.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) note: String,
    pub(super) required: bool,
    pub(super) nullable: bool,
    pub(super) shape: Shape,
    /// `X`, `N` …; empty for mixed or structured ones.
    pub(super) data_type: String,
    pub(super) length: String,
    /// Written without quotes in the example.
    pub(super) bare_number: bool,
    pub(super) fixed: Option<String>,
    /// What the example gives it.
    pub(super) samples: Vec<String>,
    pub(super) row: u32,
    pub(super) sheet: String,
    pub(super) cells: String,
    /// 1-based depth; 1 is the body itself in response tables, 0 where the table has no levels.
    pub(super) level: u32,
    /// JSON Pointer in the body, `*` for the elements of a list.
    pub(super) pointer: String,
}

impl Item {
    /// What the row asks for, in one sentence; `part` is the body that it stands in.
    pub(super) fn words(&self, part: &Bilingual) -> Bilingual {
        let length = match self.length.as_str() {
            "" => Bilingual::default(),
            digits => Bilingual::new(format!("、{digits}桁以内"), format!(", up to {digits}")),
        };
        let need = if self.required {
            Bilingual::new("、必須", ", required")
        } else {
            Bilingual::default()
        };
        let null = if self.nullable {
            Bilingual::new("、null可", ", may be null")
        } else {
            Bilingual::default()
        };
        let kind = match (self.shape, self.data_type.as_str()) {
            (Shape::Object, _) => Bilingual::new("構造", "an object"),
            (Shape::ListOfObjects, _) => Bilingual::new("構造の配列", "a list of objects"),
            (_, "") => Bilingual::new("値", "a value"),
            (_, kind) => Bilingual::same(kind),
        };
        let name = if self.name.is_empty() {
            "/"
        } else {
            &self.name
        };
        let title = if self.title.is_empty() {
            name
        } else {
            &self.title
        };
        Bilingual::new(
            format!(
                "{}の「{title}」は {}{}{}{}",
                part.ja, kind.ja, length.ja, need.ja, null.ja
            ),
            format!(
                "{name} of the {} is {}{}{}{}",
                part.en, kind.en, length.en, need.en, null.en
            ),
        )
    }
}

/// Gives each item its pointer, from the levels of the rows; the items of a level stand below the last one of the level
/// before. `root`: the level whose rows are the body itself.
pub(super) fn give_pointers(items: &mut [Item], root: u32) {
    let mut above: Vec<(u32, String)> = Vec::new();
    for item in items {
        above.retain(|(level, _)| *level < item.level);
        let parent = above.last().map_or("", |(_, pointer)| pointer.as_str());
        item.pointer = if item.level == root && root > 0 {
            String::new()
        } else {
            format!("{parent}/{}", item.name)
        };
        let inside = match item.shape {
            Shape::ListOfObjects | Shape::List => format!("{}/*", item.pointer),
            Shape::Object | Shape::Value => item.pointer.clone(),
        };
        above.push((item.level, inside));
    }
}

/// Tells items that have the name of one above them in the same structure; the later one takes its place.
pub(super) fn tell_twins(items: &[Item], draft: &mut PackDraft) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for item in items {
        let Some(first) = seen.insert(&item.pointer, item.row) else {
            continue;
        };
        let name = &item.name;
        draft.report.not_interpreted.push(Remark {
            sheet: item.sheet.clone(),
            cell: item.cells.clone(),
            message: say(
                format!(
                    "「{name}」が同じ構造に2つあります（{first}行目と{}行目）",
                    item.row
                ),
                format!(
                    "`{name}` appears twice in one structure (rows {first} and {})",
                    item.row
                ),
            ),
            help: say(
                format!("{}行目を取り込みました", item.row),
                format!("row {} was taken over", item.row),
            ),
        });
    }
}

/// A name that is a formula whose result is not known keeps the document from being imported.
pub(super) fn refuse_unknown_name(
    sheet: &Sheet,
    header: &Header,
    row: u32,
    id: &str,
    draft: &mut PackDraft,
) {
    let Some((first, last)) = header.columns.get(id).copied() else {
        return;
    };
    for at in (first..=last).map(|column| At::new(row, column)) {
        if sheet.cell(at).is_some_and(Cell::uncomputed) {
            draft.refused.push(unsaved(sheet, at));
        }
    }
}

/// Reads one row. `name` is the parameter or object name, already found. The second value is false when a cell could
/// not be interpreted.
pub(super) fn read(
    sheet: &Sheet,
    header: &Header,
    row: u32,
    name: String,
    draft: &mut PackDraft,
) -> (Item, bool) {
    let mut fine = true;
    let text = |id: &str| {
        let text = header.text(sheet, row, id);
        if is_nothing(text) {
            String::new()
        } else {
            text.to_owned()
        }
    };
    fine &= decided(sheet, header, row, draft);
    let mut failed = |id: &str, ja: String, en: String, help: (&str, &str)| {
        let at = header.at(row, id).unwrap_or(At::new(row, 1));
        draft
            .report
            .not_interpreted
            .push(Remark::at(sheet, at, say(ja, en), say(help.0, help.1)));
        fine = false;
    };
    let mut mark = |id: &str, default: bool| {
        let raw = text(id);
        reading::mark(&raw).unwrap_or_else(|| {
            failed(
                id,
                format!("「{raw}」は印でも空でもありません"),
                format!("`{raw}` is neither a mark nor empty"),
                ("印がないものとしました", "taken as not marked"),
            );
            default
        })
    };
    let required = mark("required", false);
    // the request table has no such column: what is not mandatory may then be null
    let nullable = match header.column("nullable") {
        Some(_) => mark("nullable", false),
        None => !required,
    };
    let raw_type = text("type");
    let (shape, data_type) = shape(&raw_type).unwrap_or_else(|| {
        let shown = joined(&raw_type);
        failed(
            "type",
            format!("データ型「{shown}」を解釈できません"),
            format!("the data type `{shown}` cannot be interpreted"),
            (
                "型を検査しない項目として取り込みました",
                "taken over without a check of its type",
            ),
        );
        (Shape::Value, "?".to_owned())
    });
    let raw_length = text("length");
    let length = match reading::length(&raw_length) {
        Some(Length::Stated(length)) => length,
        Some(Length::None) => String::new(),
        None => {
            failed(
                "length",
                format!("桁数「{}」を解釈できません", joined(&raw_length)),
                format!("the length `{}` cannot be interpreted", joined(&raw_length)),
                (
                    "桁数を検査しない項目として取り込みました",
                    "taken over without a check of its length",
                ),
            );
            String::new()
        }
    };
    let number = matches!(data_type.as_str(), "9" | "S9" | "9V");
    if let Some(at) = header.at(row, "example").filter(|_| number)
        && sheet.cell(at).is_some_and(Cell::uncomputed)
    {
        // only the example tells whether the number stands in quotes
        draft.refused.push(unsaved(sheet, at));
    }
    let note = text("note");
    let item = Item {
        level: 0,
        pointer: String::new(),
        bare_number: example::is_bare_number(&text("example")),
        title: joined(&text("name")),
        description: text("description").trim().to_owned(),
        fixed: fixed_value(&note),
        samples: match shape {
            Shape::Value => reading::samples(&example::value(&text("example"), &name)),
            _ => Vec::new(),
        },
        note,
        name,
        required,
        nullable,
        shape,
        data_type,
        length,
        row,
        sheet: sheet.name.clone(),
        cells: header.cells(row),
    };
    (item, fine)
}

/// Looks at the cells that decide what an item is: those whose values were not saved are refused. False when one holds an
/// error.
fn decided(sheet: &Sheet, header: &Header, row: u32, draft: &mut PackDraft) -> bool {
    let mut fine = true;
    let decided = [
        "type", "length", "required", "nullable", "name", "note", "level",
    ]
    .into_iter()
    .filter_map(|id| header.at(row, id));
    for at in decided {
        match sheet.merged_cell(at) {
            Some(cell) if cell.unsaved() => draft.refused.push(unsaved(sheet, at)),
            Some(cell) if cell.error().is_some() => {
                fine = false;
                let remark = error_value(sheet, at, cell.error().unwrap_or_default());
                draft.report.not_interpreted.push(remark);
            }
            _ => {}
        }
    }
    fine
}

fn error_value(sheet: &Sheet, at: At, code: &str) -> Remark {
    Remark::at(
        sheet,
        at,
        say(
            format!("セルがエラー値 {code} です"),
            format!("the cell holds {code}"),
        ),
        say("数式を直してください", "correct the formula"),
    )
}

fn shape(text: &str) -> Option<(Shape, String)> {
    let word: String = one_line(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    match word.as_str() {
        "構造化" | "オブジェクト" | "object" => {
            return Some((Shape::Object, String::new()));
        }
        "配列構造化" | "配列(構造化)" | "構造化配列" => {
            return Some((Shape::ListOfObjects, String::new()));
        }
        "" => return None,
        _ => {}
    }
    if let Some(rest) = word.strip_prefix("配列") {
        let rest = rest.trim_matches(['(', ')']);
        return reading::data_type(rest).map(|known| (Shape::List, known.to_owned()));
    }
    if word.contains("混在") {
        return Some((Shape::Value, String::new()));
    }
    reading::data_type(&word).map(|known| (Shape::Value, known.to_owned()))
}

/// `"登録が完了しました。"固定値`, `固定値「1」`.
fn fixed_value(note: &str) -> Option<String> {
    let line = note.lines().find(|line| line.contains("固定値"))?;
    let open = line.find(['"', '“', '”', '「', '＂'])?;
    let rest: String = line.get(open..)?.chars().skip(1).collect();
    let end = rest.find(['"', '“', '”', '」', '＂'])?;
    let value = rest.get(..end)?;
    let outside: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let inner: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let around = outside
        .replacen(&inner, "", 1)
        .replace(['"', '“', '”', '「', '」', '＂', '。', '：', ':', '・'], "");
    (!value.is_empty()
        && matches!(
            around.as_str(),
            "固定値" | "固定値が入る" | "固定値を設定" | "固定値を設定する"
        ))
    .then(|| value.to_owned())
}

/// Values that a description lists: `（0：付番依頼、1：既存、2：送信）`. All parts must have that form.
pub(super) fn listed_values(text: &str) -> Vec<String> {
    let line = one_line(text);
    let Some((_, after)) = line.rsplit_once('(') else {
        return Vec::new();
    };
    let inner = after.split(')').next().unwrap_or(after);
    let parts: Vec<(&str, &str)> = inner
        .split(['、', ','])
        .filter_map(|part| part.split_once(':'))
        .map(|(value, meaning)| (value.trim(), meaning.trim()))
        .collect();
    let fine = |(value, meaning): &(&str, &str)| {
        !value.is_empty()
            && value.len() <= 4
            && value.bytes().all(|b| b.is_ascii_alphanumeric())
            && !meaning.is_empty()
    };
    let all = parts.len() == inner.split(['、', ',']).count();
    if all && parts.len() >= 2 && parts.iter().all(fine) {
        parts.iter().map(|(value, _)| (*value).to_owned()).collect()
    } else {
        Vec::new()
    }
}

impl Item {
    /// Days that may be unknown.
    pub(super) fn unknown_date(&self) -> bool {
        self.data_type == "DATE" && self.note.contains("不詳日") && self.note.contains("許容する")
    }

    /// The length is exact: the text says `6桁のコード値`.
    pub(super) fn is_fixed_length(&self) -> bool {
        let length = &self.length;
        !length.is_empty()
            && self.required
            && one_line(&self.note).contains(&format!("{length}桁のコード値"))
    }

    /// Check digits by name, as in item tables.
    pub(super) fn format(&self) -> &'static str {
        reading::format(&self.title, &self.data_type, &self.length, &self.note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_values_and_lists() {
        assert_eq!(
            fixed_value("\"登録が完了しました。\"固定値").as_deref(),
            Some("登録が完了しました。")
        );
        assert_eq!(fixed_value("固定値：「1」").as_deref(), Some("1"));
        assert_eq!(fixed_value("\"1\"以外は固定値ではない"), None);
        assert_eq!(fixed_value("備考"), None);
        assert_eq!(listed_values("方法（0：付番依頼、1：既存）"), ["0", "1"]);
        assert_eq!(
            listed_values("フラグ（0：該当なし、1：名寄せ元宛名"),
            ["0", "1"]
        );
        assert!(listed_values("コード（指定都市においては区まで）").is_empty());
        assert!(listed_values("（0：無、その他）").is_empty());
    }
}
