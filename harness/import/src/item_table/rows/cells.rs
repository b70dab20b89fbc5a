//! What the cell of each column means: item id, machine name, marks, type, length, repetition, condition of output.

use super::Table;
use crate::draft::{FieldDraft, say};
use crate::reading::{self, Length, is_nothing, joined, one_line};
use crate::workbook::At;

impl Table<'_> {
    /// Item id: 3-digit business code and 5-digit item code, in one cell or two (凡例）列項目説明 D4).
    pub(super) fn item_id(&mut self, row: u32) -> String {
        let Some((first, last)) = self.header.columns.get("item_id").copied() else {
            return String::new();
        };
        let parts: Vec<String> = (first..=last)
            .map(|column| one_line(self.sheet.merged_text(At::new(row, column))))
            .filter(|text| !is_nothing(text) && !matches!(text.as_str(), "e" | "E"))
            .collect();
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match parts.as_slice() {
            [] => String::new(),
            // saved as a number, it has lost the zeros of the business code
            [whole] if digits(whole) && matches!(whole.len(), 6 | 7) => format!("{whole:0>8}"),
            [whole] => whole.clone(),
            [code, item] if digits(item) && item.len() <= 5 && digits(code) && code.len() <= 3 => {
                format!("{code:0>3}{item:0>5}")
            }
            many => many.concat(),
        }
    }

    pub(super) fn roman(&mut self, row: u32) -> String {
        let text: String = one_line(&self.text(row, "roman"))
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        if self.header.column("roman").is_none() {
            return text;
        }
        if text.is_empty() {
            self.failed(
                row,
                "roman",
                say("ローマ字の名称がありません", "there is no machine name"),
                say(
                    "項番から名前を付けました",
                    "a name was made from its number",
                ),
            );
        } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            self.failed(
                row,
                "roman",
                say(
                    format!("ローマ字の名称「{text}」に英数字と _ でない文字があります"),
                    format!(
                        "the machine name `{text}` has other characters than letters, digits and _"
                    ),
                ),
                say("そのまま取り込みました", "taken over as it is"),
            );
        }
        text
    }

    pub(super) fn mark(&mut self, row: u32, id: &str) -> bool {
        let text = self.text(row, id);
        reading::mark(&text).unwrap_or_else(|| {
            self.failed(
                row,
                id,
                say(
                    format!("「{text}」は○でも空でもありません"),
                    format!("`{text}` is neither ○ nor empty"),
                ),
                say("印がないものとしました", "taken as not marked"),
            );
            false
        })
    }

    /// What a struck-through cell says is not certain, and was told with the row.
    fn is_struck(&self, row: u32, id: &str) -> bool {
        let cell = self
            .header
            .at(row, id)
            .and_then(|at| self.sheet.merged_cell(at));
        cell.is_some_and(|cell| cell.struck)
    }

    pub(super) fn data_type(&mut self, row: u32) -> String {
        if self.is_struck(row, "type") {
            return "BLOB".to_owned();
        }
        let text = self.text(row, "type");
        match reading::data_type(&text) {
            Some(known) => known.to_owned(),
            None => {
                let message = if text.is_empty() {
                    say("データ型が空です", "the data type is empty")
                } else {
                    say(
                        format!(
                            "データ型「{}」は X N 9 9V S9 BLOB YEAR DATE TIME のどれでもありません",
                            joined(&text)
                        ),
                        format!(
                            "the data type `{}` is none of X N 9 9V S9 BLOB YEAR DATE TIME",
                            joined(&text)
                        ),
                    )
                };
                let help = say(
                    "値を検査しない項目（BLOB）として取り込みました",
                    "taken over as an item whose value is not checked (BLOB)",
                );
                self.failed(row, "type", message, help);
                "BLOB".to_owned()
            }
        }
    }

    pub(super) fn length(&mut self, row: u32, data_type: &str) -> String {
        if self.is_struck(row, "length") {
            return String::new();
        }
        let text = self.text(row, "length");
        match reading::length(&text) {
            Some(Length::Stated(length)) if data_type == "9V" || !length.contains(',') => length,
            Some(Length::None) => {
                if matches!(data_type, "X" | "N" | "9" | "9V" | "S9") {
                    self.notice(
                        row,
                        "length",
                        say("桁数がありません", "no length is stated"),
                        say("桁数は検査しません", "its length is not checked"),
                    );
                }
                String::new()
            }
            _ => {
                self.failed(
                    row,
                    "length",
                    say(
                        format!("桁数「{}」を解釈できません", joined(&text)),
                        format!("the length `{}` cannot be interpreted", joined(&text)),
                    ),
                    say(
                        "桁数を検査しない項目として取り込みました",
                        "taken over without a check of its length",
                    ),
                );
                String::new()
            }
        }
    }

    pub(super) fn repeat(&mut self, row: u32) -> String {
        let text = self.text(row, "repeat");
        match reading::length(&text) {
            Some(Length::None) => String::new(),
            Some(Length::Stated(count)) if !count.contains(',') => count,
            _ => {
                self.failed(
                    row,
                    "repeat",
                    say(
                        format!("繰り返し「{}」を解釈できません", joined(&text)),
                        format!("the repetition `{}` cannot be interpreted", joined(&text)),
                    ),
                    say("繰り返しなしとしました", "taken as not repeated"),
                );
                String::new()
            }
        }
    }

    pub(super) fn output(&mut self, row: u32) -> &'static str {
        if self.header.column("output").is_none() {
            return "";
        }
        if self.is_struck(row, "output") {
            return "optional";
        }
        let text = one_line(&self.text(row, "output"));
        match text.as_str() {
            "必須" | "◎" | "○" | "〇" => "required",
            "条件付き必須" | "条件付必須" | "条件つき必須" | "条件付き" | "△" => {
                "conditional"
            }
            "任意" | "" => "optional",
            _ => {
                self.failed(
                    row,
                    "output",
                    say(
                        format!("データ出力条件「{text}」は 必須・条件付き必須・任意 のどれでもありません"),
                        format!("the output condition `{text}` is none of 必須, 条件付き必須, 任意"),
                    ),
                    say("任意としました", "taken as optional"),
                );
                "optional"
            }
        }
    }

    /// What follows from name, description and sample.
    pub(super) fn describe(&mut self, row: u32, field: &mut FieldDraft) {
        let description = self.text(row, "description");
        let definition = self.text(row, "definition");
        let about = format!("{definition}\n{description}");
        field.sensitive = reading::sensitivity(&field.name, &field.data_type);
        field.format =
            reading::format(&field.name, &field.data_type, &field.length, &about).to_owned();
        field.unknown_date = field.data_type == "DATE"
            && description.contains("不詳日")
            && description.contains("許容する");
        let samples = reading::samples(&self.text(row, "sample"));
        let longest = field.length.parse::<usize>().unwrap_or(usize::MAX);
        let fits = |sample: &String| sample.chars().count() <= longest;
        // the first one is what the field is judged by
        if samples.first().is_some_and(fits) {
            field.sample = samples.join("\n");
        }
        let notes = [description, self.text(row, "note")];
        field.note = notes
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| text.trim().to_owned())
            .collect::<Vec<_>>()
            .join("\n");
    }
}
