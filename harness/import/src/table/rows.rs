//! Rows of a vendor's table.

use renkei_core::model::{Bilingual, Problems};

use super::mapping::{Form, KindBy, Mapping};
use crate::draft::{FieldDraft, PackDraft, say};
use crate::headings::Header;
use crate::reading::{self, Length, is_nothing, joined, one_line};
use crate::report::{Remark, SheetReport};
use crate::workbook::{At, Cell, Sheet, fold};

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
        if header.is_numbering(sheet, row) || header.is_repeated(sheet, row) {
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
        let one = Row {
            sheet,
            header,
            row,
            mapping,
            draft,
            problems,
        };
        let placed = one.read(&kind);
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

/// One row with where to say what.
struct Row<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    row: u32,
    mapping: &'a Mapping,
    draft: &'a mut PackDraft,
    problems: &'a mut Problems,
}

impl Row<'_> {
    fn text(&self, id: &str) -> String {
        let text = self.header.text(self.sheet, self.row, id);
        if is_nothing(text) {
            String::new()
        } else {
            text.to_owned()
        }
    }

    fn at(&self, id: &str) -> At {
        self.header.at(self.row, id).unwrap_or(At::new(self.row, 1))
    }

    fn failed(&mut self, id: &str, message: Bilingual, help: Bilingual) {
        let remark = Remark::at(self.sheet, self.at(id), message, help);
        self.draft.report.not_interpreted.push(remark);
    }

    /// A number of positions; anything else cannot be imported, since every later field would be misplaced.
    fn number(&mut self, id: &str) -> Option<u32> {
        let at = self.header.at(self.row, id)?;
        let raw = self.text(id);
        let uncomputed = self.sheet.merged_cell(at).is_some_and(Cell::uncomputed);
        let (message, help) = match reading::length(&raw) {
            Some(Length::None) if uncomputed => (
                say(
                    "数式の計算結果が保存されていません",
                    "the formula has no saved result",
                ),
                say(
                    "Excelで開いて保存し直してください",
                    "open it in Excel and save it",
                ),
            ),
            Some(Length::None) => return None,
            Some(Length::Stated(n)) if !n.contains(',') => return n.parse().ok(),
            _ if id == "decimals" && one_line(&raw) == "0" => return None,
            _ => (
                say(
                    format!("「{}」は位置や長さの数ではありません", joined(&raw)),
                    format!("`{}` is no number of a position or length", joined(&raw)),
                ),
                say("数字を書いてください", "write digits"),
            ),
        };
        self.problems.push(self.sheet.problem(at, message, help));
        None
    }

    /// Position and width in bytes; a position may be a range `1-10`.
    fn placement(&mut self) -> (Option<u32>, Option<u32>) {
        let width = self.number("width");
        let position = one_line(&self.text("start"));
        let Some((from, to)) = position.split_once(['-', '~', '〜']) else {
            return (self.number("start"), width);
        };
        match (from.trim().parse::<u32>(), to.trim().parse::<u32>()) {
            (Ok(from), Ok(to)) if from >= 1 && to >= from => {
                let reach = to - from + 1;
                if let Some(width) = width.filter(|width| *width != reach) {
                    self.contradicts(&position, reach, width);
                }
                (Some(from), Some(reach))
            }
            _ => (self.number("start"), width),
        }
    }

    fn contradicts(&mut self, position: &str, reach: u32, width: u32) {
        self.problems.push(self.sheet.problem(
            self.at("width"),
            say(
                format!("幅は{width}ですが、位置「{position}」は{reach}バイトです"),
                format!("the width is {width}, the position `{position}` spans {reach} bytes"),
            ),
            say("どちらかを直してください", "correct one of them"),
        ));
    }

    fn length(&mut self) -> String {
        let raw = self.text("length");
        match reading::length(&raw) {
            Some(Length::Stated(length)) => length,
            Some(Length::None) => String::new(),
            None => {
                self.failed(
                    "length",
                    say(
                        format!("桁数「{}」を解釈できません", joined(&raw)),
                        format!("the length `{}` cannot be interpreted", joined(&raw)),
                    ),
                    say("桁数を検査しません", "its length is not checked"),
                );
                String::new()
            }
        }
    }

    /// Characters of one byte each: their number is the width in bytes.
    fn compare_lengths(&mut self, length: &str, width: Option<u32>, data_type: &str) {
        let narrow = matches!(data_type, "X" | "C" | "9");
        let in_bytes = self.mapping.form == Form::Fixed && self.mapping.length_unit == "bytes";
        if let (true, Some(width), Ok(length)) = (narrow && in_bytes, width, length.parse::<u32>())
            && width != length
        {
            self.failed(
                "length",
                say(
                    format!("桁数{length}と幅{width}バイトが食い違います"),
                    format!("the length {length} and the width of {width} bytes differ"),
                ),
                say("幅を取りました", "the width was taken"),
            );
        }
    }

    fn data_type(&mut self, name: &str) -> String {
        let fillers = [
            "予備",
            "フィラー",
            "ダミー",
            "FILLER",
            "filler",
            "未使用",
            "余白",
        ];
        if fillers.iter().any(|filler| name.starts_with(filler)) {
            return "DUMMY".to_owned();
        }
        let word = one_line(&self.text("type"));
        let folded = fold(&word);
        let told = self.mapping.types.iter().find(|(w, _)| fold(w) == folded);
        if let Some((_, known)) = told {
            return known.clone();
        }
        self.failed(
            "type",
            say(
                format!("型「{word}」が対応ファイルの [types] にありません"),
                format!("the type `{word}` is not under [types] of the mapping"),
            ),
            say(
                "値を検査しない項目（BLOB）として取り込みました",
                "taken over as an item whose value is not checked (BLOB)",
            ),
        );
        "BLOB".to_owned()
    }

    fn output(&mut self) -> &'static str {
        match one_line(&self.text("output")).as_str() {
            "" | "任意" | "×" => "optional",
            "必須" | "○" | "〇" | "◎" | "●" | "Y" | "M" | "required" => "required",
            "条件付き必須" | "条件付必須" | "△" | "条件付き" => "conditional",
            other => {
                let message = say(
                    format!("必須区分「{other}」を解釈できません"),
                    format!("`{other}` does not say whether the item is required"),
                );
                self.failed(
                    "output",
                    message,
                    say("任意としました", "taken as optional"),
                );
                "optional"
            }
        }
    }

    fn read(mut self, kind: &str) -> Placed {
        let name = joined(&self.text("name"));
        let (start, width) = self.placement();
        let length = self.length();
        let data_type = self.data_type(&name);
        self.compare_lengths(&length, width, &data_type);
        let fixed = one_line(&self.text("fixed_value"));
        let roman = one_line(&self.text("roman"));
        let place = ["start", "width", "length"]
            .into_iter()
            .find_map(|id| self.header.at(self.row, id))
            .unwrap_or(At::new(self.row, 1));
        let field = FieldDraft {
            kind: kind.to_owned(),
            sensitive: reading::sensitivity(&name, &data_type),
            format: reading::format(&name, &data_type, &length, &self.text("note")).to_owned(),
            primary_key: reading::mark(&self.text("pk")) == Some(true),
            code: one_line(&self.text("code")).replace(['/', '\\', ' '], "-"),
            decimals: self
                .number("decimals")
                .map_or(String::new(), |n| n.to_string()),
            fixed_value: fixed.trim_matches(['"', '「', '」']).to_owned(),
            sample: self.text("sample").lines().next().unwrap_or("").to_owned(),
            note: self.text("note"),
            roman: roman.chars().filter(|c| !c.is_whitespace()).collect(),
            output: self.output(),
            name,
            data_type,
            length,
            sheet: self.sheet.name.clone(),
            cells: self.header.cells(self.row),
            ..FieldDraft::default()
        };
        Placed {
            field,
            place: self.sheet.place(place),
            start,
            width,
        }
    }
}
