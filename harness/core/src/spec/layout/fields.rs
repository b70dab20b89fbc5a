//! Reads `fields.csv`: one field a row. Conditions are read later, when every field of the kind is known.

use super::{Field, FieldType, Format, Output, Pad, WidthClass};
use crate::mask::Sensitivity;
use crate::model::{Bilingual, Problem, Problems};

/// Columns of `fields.csv` in their order (specs/README.md).
pub const FIELD_COLUMNS: &[&str] = &[
    "kind",
    "no",
    "item_id",
    "name",
    "roman",
    "group",
    "pk",
    "fk",
    "type",
    "length",
    "code",
    "repeat",
    "output",
    "condition",
    "when",
    "start",
    "width",
    "pad",
    "decimals",
    "class",
    "repertoire",
    "format",
    "unknown_date",
    "fixed_value",
    "sensitive",
    "sample",
    "note",
];
const NEEDED: &[&str] = &["no", "name", "roman", "type"];

/// A field with what could not be resolved yet.
pub(super) struct Row {
    /// Record kind id as written.
    pub(super) kind: String,
    /// The field; `output` has no condition yet.
    pub(super) field: Field,
    /// Condition as written, and its place.
    pub(super) condition: String,
    /// When the field is there, as written, and its place.
    pub(super) when: String,
    pub(super) when_at: (usize, usize),
    /// Line and column of the condition.
    pub(super) condition_at: (usize, usize),
}

/// Reads the table.
pub(super) fn read(file: &str, bytes: &[u8], fixed: bool, problems: &mut Problems) -> Vec<Row> {
    let Some(text) = crate::spec::utf8(file, bytes, problems) else {
        return Vec::new();
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(unreadable(file, &error));
            return Vec::new();
        }
    };
    if !check_header(file, &header, problems) {
        return Vec::new();
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record
                    .position()
                    .map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
                let mut cells = Cells {
                    file,
                    text,
                    header: &header,
                    record: &record,
                    line,
                    problems,
                };
                cells.check_count();
                rows.push(cells.row(fixed));
            }
            Err(error) => problems.push(unreadable(file, &error)),
        }
    }
    rows
}

/// A row that the CSV reader refuses.
pub(in crate::spec) fn unreadable(file: &str, error: &csv::Error) -> Problem {
    let line = error
        .position()
        .map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
    let message = Bilingual::new(
        format!("CSVとして読めません: {error}"),
        format!("not readable as CSV: {error}"),
    );
    let help = Bilingual::new("UTF-8のCSVで保存してください", "save it as CSV in UTF-8");
    Problem {
        line,
        ..Problem::of_file(file, message, help)
    }
}

fn check_header(file: &str, header: &csv::StringRecord, problems: &mut Problems) -> bool {
    let mut complete = true;
    let names = FIELD_COLUMNS.join(",");
    let help = Bilingual::new(format!("列: {names}"), format!("columns: {names}"));
    for column in header.iter().filter(|c| !FIELD_COLUMNS.contains(&c.trim())) {
        let message = Bilingual::new(
            format!("「{column}」という列はありません"),
            format!("there is no column `{column}`"),
        );
        problems.push(Problem {
            line: 1,
            ..Problem::of_file(file, message, help.clone())
        });
    }
    for column in NEEDED
        .iter()
        .filter(|c| !header.iter().any(|h| h.trim() == **c))
    {
        let message = Bilingual::new(
            format!("列 {column} がありません"),
            format!("the column `{column}` is missing"),
        );
        problems.push(Problem {
            line: 1,
            ..Problem::of_file(file, message, help.clone())
        });
        complete = false;
    }
    complete
}

/// The lines of a cell that say something.
fn lines(cell: &str) -> Vec<String> {
    let lines = cell.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

struct Cells<'a> {
    file: &'a str,
    text: &'a str,
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
    line: usize,
    problems: &'a mut Problems,
}

impl Cells<'_> {
    fn index(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|h| h.trim() == column)
    }

    fn get(&self, column: &str) -> String {
        self.index(column)
            .and_then(|at| self.record.get(at))
            .unwrap_or("")
            .trim()
            .to_owned()
    }

    /// 1-based column in characters of a cell, 0 when the row spans several lines.
    fn place(&self, column: &str) -> usize {
        let wanted = self.index(column).unwrap_or(0);
        let line = self
            .text
            .lines()
            .nth(self.line.saturating_sub(1))
            .unwrap_or("");
        let (mut cell, mut quoted) = (0, false);
        for (at, c) in line.chars().enumerate() {
            if cell == wanted {
                return at + 1;
            }
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cell += 1,
                _ => {}
            }
        }
        if cell == wanted {
            line.chars().count() + 1
        } else {
            0
        }
    }

    fn problem(&mut self, column: &str, message: Bilingual, help: Bilingual) {
        let problem = Problem::of_file(self.file, message, help);
        let column = self.place(column);
        self.problems.push(Problem {
            line: self.line,
            column,
            ..problem
        });
    }

    fn check_count(&mut self) {
        let (found, expected) = (self.record.len(), self.header.len());
        if found > expected {
            let message = Bilingual::new(
                format!("列が{found}個あります（1行目は{expected}個）"),
                format!("the row has {found} cells, the header row {expected}"),
            );
            let help = Bilingual::new(
                "カンマを含む値は \" で囲みます",
                "quote values that hold a comma",
            );
            self.problem("kind", message, help);
        }
    }

    fn word<T: Clone>(&mut self, column: &str, words: &[(&str, T)], default: T) -> T {
        let value = self.get(column);
        if let Some((_, found)) = words.iter().find(|(name, _)| *name == value) {
            return found.clone();
        }
        let names: Vec<&str> = words
            .iter()
            .map(|(name, _)| *name)
            .filter(|n| !n.is_empty())
            .collect();
        let names = names.join(" ");
        let message = Bilingual::new(
            format!("{column} に「{value}」は使えません"),
            format!("`{value}` is not a value for {column}"),
        );
        self.problem(
            column,
            message,
            Bilingual::new(format!("使える値: {names}"), format!("use one of {names}")),
        );
        default
    }

    fn number(&mut self, column: &str, least: u32) -> Option<u32> {
        let value = self.get(column);
        if value.is_empty() {
            return None;
        }
        let parsed = value.parse::<u32>().ok().filter(|n| *n >= least);
        if parsed.is_none() {
            let message = Bilingual::new(
                format!("{column} の「{value}」は{least}以上の整数ではありません"),
                format!("{column} `{value}` is not an integer from {least} up"),
            );
            self.problem(
                column,
                message,
                Bilingual::new("数字で書きます", "write digits"),
            );
        }
        parsed
    }

    fn needed_number(&mut self, column: &str, fixed: bool) -> usize {
        let number = self.number(column, 1);
        if number.is_none() && fixed && self.get(column).is_empty() {
            let message = Bilingual::new(
                format!("固定長の様式では {column} が要ります"),
                format!("`{column}` is needed in a fixed layout"),
            );
            let help = Bilingual::new(
                "開始位置は1から、幅はバイト数",
                "positions start at 1, widths are bytes",
            );
            self.problem(column, message, help);
        }
        number.map_or(0, |n| n as usize)
    }

    fn length(&mut self, kind: FieldType) -> (Option<u32>, u32) {
        let value = self.get("length");
        if kind == FieldType::Decimal
            && let Some((whole, fraction)) = value.split_once([',', '.'])
            && let (Ok(whole), Ok(fraction)) = (whole.trim().parse(), fraction.trim().parse())
        {
            return (Some(whole), fraction);
        }
        (self.number("length", 1), 0)
    }

    fn format(&mut self) -> Format {
        let value = self.get("format");
        if let Some(expression) = value.strip_prefix("regex:") {
            let whole = format!("^(?:{expression})$");
            let built = regex::RegexBuilder::new(&whole).size_limit(1 << 20).build();
            return match built {
                Ok(regex) => Format::Regex(Box::new(regex), expression.to_owned()),
                Err(error) => {
                    let message = Bilingual::new(
                        format!("正規表現として読めません: {error}"),
                        format!("not a regular expression: {error}"),
                    );
                    let help = Bilingual::new(
                        "値全体に合う式を書きます（後方参照は使えません）",
                        "the expression covers the whole value; no back-references",
                    );
                    self.problem("format", message, help);
                    Format::None
                }
            };
        }
        let words = [
            ("", Format::None),
            ("kojinbango", Format::IndividualNumber),
            ("atenabango", Format::AddresseeNumber),
            ("dantaicode", Format::MunicipalityCode),
            ("hojinbango", Format::CorporateNumber),
            ("regex:…", Format::None),
        ];
        self.word("format", &words, Format::None)
    }

    fn sensitivity(&mut self, words: &[(&str, Sensitivity)]) -> Sensitivity {
        let declared = self.word("sensitive", words, Sensitivity::Personal);
        if self.get("format") == "kojinbango" {
            Sensitivity::IndividualNumber
        } else {
            declared
        }
    }

    /// Tells columns without which there is no field; an empty type is told where types are read.
    fn ask_for_needed(&mut self) {
        for column in NEEDED.iter().filter(|c| **c != "type") {
            if self.get(column).is_empty() {
                let message =
                    Bilingual::new(format!("{column} が空です"), format!("`{column}` is empty"));
                self.problem(
                    column,
                    message,
                    Bilingual::new("値を書きます", "write a value"),
                );
            }
        }
    }

    fn row(&mut self, fixed: bool) -> Row {
        let kind = match self.get("type").as_str() {
            "Ｎ" => FieldType::N,
            "Ｘ" => FieldType::X,
            _ => self.word("type", FieldType::NAMES, FieldType::X),
        };
        let outputs = [
            ("", Output::Optional),
            ("required", Output::Required),
            ("conditional", Output::Conditional(None, String::new())),
            ("optional", Output::Optional),
            ("必須", Output::Required),
            ("条件付き必須", Output::Conditional(None, String::new())),
            ("任意", Output::Optional),
        ];
        let pads = [
            (
                "",
                if kind.is_number() {
                    Pad::LeftZero
                } else {
                    Pad::RightSpace
                },
            ),
            ("left-zero", Pad::LeftZero),
            ("right-space", Pad::RightSpace),
            ("none", Pad::None),
        ];
        let sensitive = ["address", "number", "birth", "contact", "free"]
            .map(|word| (word, Sensitivity::Personal))
            .into_iter()
            .chain([
                ("name", Sensitivity::Name),
                ("kana", Sensitivity::Kana),
                ("", Sensitivity::No),
            ])
            .collect::<Vec<_>>();
        self.ask_for_needed();
        let flag = [("", false), ("0", false), ("1", true)];
        let classes = [
            ("", None),
            ("half", Some(WidthClass::Half)),
            ("full", Some(WidthClass::Full)),
            ("mixed", Some(WidthClass::Mixed)),
        ];
        let unknown = [("", false), ("allow", true), ("forbid", false)];
        let (length, fraction) = self.length(kind);
        let mut samples = lines(&self.get("sample")).into_iter();
        let sample = samples.next().unwrap_or_default();
        let more_samples = samples.collect();
        let fixed_value = Some(self.get("fixed_value")).filter(|v| !v.is_empty());
        let field = Field {
            no: self.number("no", 1).unwrap_or(0),
            item_id: self.get("item_id"),
            name: self.get("name"),
            roman: self.get("roman"),
            primary_key: self.word("pk", &flag, false),
            kind,
            length,
            fraction,
            code: self.get("code"),
            repeat: self.number("repeat", 1).unwrap_or(0),
            output: self.word("output", &outputs, Output::Optional),
            start: self.needed_number("start", fixed).saturating_sub(1),
            width: self.needed_number("width", fixed),
            when: None,
            when_text: self.get("when"),
            pad: self.word("pad", &pads, Pad::None),
            decimals: self.number("decimals", 0).unwrap_or(0),
            width_class: self.word("class", &classes, None),
            repertoire: self.get("repertoire"),
            format: self.format(),
            unknown_date: self.word("unknown_date", &unknown, false),
            fixed_value,
            is_name_like: matches!(self.get("sensitive").as_str(), "name" | "kana" | "address"),
            sensitive: self.sensitivity(&sensitive),
            sample,
            more_samples,
            group: self.get("group"),
            foreign_key: self.word("fk", &flag, false),
            note: self.get("note"),
            line: self.line,
        };
        let condition_at = (self.line, self.place("condition"));
        let when_at = (self.line, self.place("when"));
        Row {
            when: self.get("when"),
            when_at,
            kind: self.get("kind"),
            field,
            condition: self.get("condition"),
            condition_at,
        }
    }
}
