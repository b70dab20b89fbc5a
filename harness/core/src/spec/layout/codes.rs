//! Code lists: the values a field may have, with their names and the days from and to which they hold.

use std::collections::BTreeMap;

use super::date::Date;
use super::fields::unreadable;
use crate::model::{Bilingual, Problem, Problems};

/// One value of a code list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeValue {
    /// Name for people.
    pub name: Bilingual,
    /// First day on which it holds.
    pub valid_from: Option<Date>,
    /// Last day on which it holds.
    pub valid_to: Option<Date>,
}

/// A code list of a pack, `codes/<id>.csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeList {
    /// Values and what they mean. A list without values is one that the municipality fills: anything is allowed.
    pub values: BTreeMap<String, CodeValue>,
    /// True when the list has the value `*`: further values are allowed.
    pub open: bool,
    /// Further rows of values that stand more than once, each for days of its own (a value whose meaning changed).
    pub further: Vec<(String, CodeValue)>,
}

impl CodeValue {
    /// True on the days from `valid_from` to `valid_to`.
    fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let before = |a: &Self, b: &Self| matches!((a.valid_to, b.valid_from), (Some(to), Some(from)) if to < from);
        !before(self, other) && !before(other, self)
    }
}

impl CodeList {
    /// Reads a list from CSV (`value,name_ja,name_en,valid_from,valid_to,note`); problems go to `problems`.
    pub fn load(bytes: &[u8], name: &str, problems: &mut Problems) -> Self {
        let mut list = Self::default();
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let columns = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                problems.push(unreadable(name, &error));
                return list;
            }
        };
        let column = |wanted: &str| columns.iter().position(|c| c.trim() == wanted);
        let Some(value_column) = column("value") else {
            let message = Bilingual::new("列 value がありません", "the column `value` is missing");
            let help = Bilingual::new(
                "1行目は value,name_ja,name_en,valid_from,valid_to,note とします",
                "the first row is value,name_ja,name_en,valid_from,valid_to,note",
            );
            problems.push(Problem {
                line: 1,
                ..Problem::of_file(name, message, help)
            });
            return list;
        };
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    problems.push(unreadable(name, &error));
                    continue;
                }
            };
            let line = row
                .position()
                .map_or(0, |p| usize::try_from(p.line()).unwrap_or(0));
            let cell = |wanted: &str| {
                let text = column(wanted).and_then(|at| row.get(at));
                text.unwrap_or("").to_owned()
            };
            let value = row.get(value_column).unwrap_or("");
            if value == "*" {
                list.open = true;
                continue;
            }
            let mut day = |wanted: &str| day(&cell(wanted), name, line, problems);
            let code = CodeValue {
                valid_from: day("valid_from"),
                valid_to: day("valid_to"),
                name: Bilingual::new(cell("name_ja"), cell("name_en")),
            };
            list.add(value, code, (name, line), problems);
        }
        list
    }

    /// Adds a row; a value may stand again only for other days.
    fn add(
        &mut self,
        value: &str,
        code: CodeValue,
        (name, line): (&str, usize),
        problems: &mut Problems,
    ) {
        let told = |message, help| {
            let problem = Problem {
                line,
                ..Problem::of_file(name, message, help)
            };
            problem.of_rule("SPC-012")
        };
        if matches!((code.valid_from, code.valid_to), (Some(from), Some(to)) if to < from) {
            problems.push(told(
                Bilingual::new(
                    format!("値「{value}」の有効期間が始まる前に終わっています"),
                    format!("the value `{value}` ends before it begins"),
                ),
                Bilingual::new(
                    "valid_from を valid_to より前の日にします",
                    "make valid_from the earlier day",
                ),
            ));
        }
        let same = self.further.iter().filter(|(v, _)| v == value);
        let mut rows = self
            .values
            .get(value)
            .into_iter()
            .chain(same.map(|(_, c)| c));
        if rows.any(|row| row.overlaps(&code)) {
            problems.push(told(
                Bilingual::new(
                    format!("値「{value}」が2回あり、有効な日が重なっています"),
                    format!("the value `{value}` appears twice for the same days"),
                ),
                Bilingual::new(
                    "1つにするか、有効期間が重ならないようにします",
                    "keep one of them, or give them days that do not overlap",
                ),
            ));
        }
        if self.values.contains_key(value) {
            self.further.push((value.to_owned(), code));
        } else {
            self.values.insert(value.to_owned(), code);
        }
    }

    /// True when `value` may be used on `day`; without a day, whether it may be used at all.
    pub fn allows(&self, value: &str, day: Option<Date>) -> bool {
        if self.open || self.values.is_empty() {
            return true;
        }
        let Some(code) = self.values.get(value) else {
            return false;
        };
        let further = || self.further.iter().filter(|(v, _)| v == value);
        day.is_none_or(|day| code.holds_on(day) || further().any(|(_, row)| row.holds_on(day)))
    }
}

fn day(text: &str, name: &str, line: usize, problems: &mut Problems) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    let date = Date::parse(text);
    if date.is_none() {
        let message = Bilingual::new(
            format!("「{text}」は日付ではありません"),
            format!("`{text}` is not a date"),
        );
        let help = Bilingual::new("YYYY-MM-DD で書きます", "write YYYY-MM-DD");
        problems.push(Problem {
            line,
            ..Problem::of_file(name, message, help)
        });
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_hold_from_and_to_a_day() {
        let mut problems = Problems::new();
        let text = "value,name_ja,name_en,valid_from,valid_to,note\n1,男,male,,2020-12-31,\n2,女,female,2020-13-01,,\n2,,,,,\n";
        let list = CodeList::load(text.as_bytes(), "s.csv", &mut problems);
        let lines: Vec<_> = problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [3, 4]);
        assert!(list.allows("1", Date::parse("2020-12-31")));
        assert!(!list.allows("1", Date::parse("2021-01-01")));
        assert!(list.allows("1", None) && !list.allows("3", None));
    }
}
