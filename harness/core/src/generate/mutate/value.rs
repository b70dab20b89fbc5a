//! Defects of the value of one field.

use super::Work;
use crate::encoding::{Encoding, encode};
use crate::generate::file;
use crate::spec::layout::{Field, FieldType, Form, Format, LengthUnit, Pad};

impl Work<'_> {
    /// Defects of a value.
    pub(super) fn form(&mut self, index: usize, at: usize, field: &Field, bound: bool) {
        let value = self
            .records
            .get(at)
            .and_then(|r| r.values.get(index))
            .cloned()
            .unwrap_or_default();
        let delimited = self.layout.form == Form::Delimited;
        let plain = field.code.is_empty() && field.fixed_value.is_none();
        let tell = |this: &mut Self, rule: &'static str, what: &str, changed: &str| {
            if let Some(bytes) = this.with_value(at, index, changed) {
                this.push(rule, format!("{}-{what}", field.roman), bytes);
            }
        };
        if let Some(fixed) = &field.fixed_value {
            if let Some(other) = neighbour(fixed) {
                tell(self, "VAL-013", "other-value", &other);
            }
            return;
        }
        if bound {
            return;
        }
        if let Some(unknown) = self.unlisted(field, value.chars().count()) {
            tell(self, "VAL-008", "not-in-list", &unknown);
        }
        let check_digit = match &field.format {
            Format::IndividualNumber => Some(("VAL-009", false)),
            Format::AddresseeNumber => Some(("VAL-010", false)),
            Format::MunicipalityCode => Some(("VAL-011", false)),
            Format::CorporateNumber => Some(("VAL-014", true)),
            _ => None,
        };
        if let Some((rule, first)) = check_digit {
            tell(self, rule, "check-digit", &other_digit(&value, first));
            return;
        }
        if let Format::Regex(regex, _) = &field.format {
            let broken = ["0", "00000000", "X", "-"];
            let wrong = broken
                .iter()
                .find(|b| b.len() <= value.len() && !regex.is_match(b));
            if let Some(wrong) = wrong.filter(|_| matches!(field.kind, FieldType::X | FieldType::C))
            {
                tell(self, "VAL-012", "other-form", wrong);
            }
            return;
        }
        match field.kind {
            FieldType::X | FieldType::C | FieldType::N if delimited && plain => {
                if let Some(length) = field.length.map(|l| l as usize) {
                    let one = if field.kind == FieldType::N {
                        "例"
                    } else {
                        "1"
                    };
                    tell(self, "VAL-003", "too-long", &one.repeat(length + 1));
                }
                let other = if field.kind == FieldType::N {
                    "A"
                } else {
                    "例"
                };
                // In bytes the character may be too long as well; a class of its own may allow it.
                let fits = self.settings.length_unit != LengthUnit::Bytes
                    || field
                        .length
                        .is_none_or(|l| l as usize >= file::mark(other, self.settings).len());
                if fits && field.width_class.is_none() {
                    tell(self, "VAL-004", "other-width", other);
                }
            }
            FieldType::Integer | FieldType::Signed | FieldType::Decimal
                if plain && field.pad != Pad::None =>
            {
                tell(self, "VAL-005", "letter", "A");
            }
            FieldType::Date => tell(self, "VAL-006", "no-such-day", "2023-02-29"),
            FieldType::Ymd8 => tell(self, "VAL-006", "no-such-day", "20230229"),
            FieldType::Ymd6 => tell(self, "VAL-006", "no-such-day", "231301"),
            FieldType::Md => tell(self, "VAL-006", "no-such-day", "1301"),
            FieldType::Time => tell(self, "VAL-007", "no-such-time", "24:00:00"),
            _ => {}
        }
        self.characters(index, at, field);
        let bytes = file::Places::of(self.layout, self.settings).are_plain_bytes();
        if !delimited
            && bytes
            && field.pad == Pad::LeftZero
            && plain
            && field.kind == FieldType::Integer
        {
            self.padding(at, field);
        }
    }

    /// A value of so many digits that the code list of the field does not have.
    fn unlisted(&self, field: &Field, length: usize) -> Option<String> {
        let lists = self.code_lists;
        let list = lists.get(&field.code)?;
        if list.open || list.values.is_empty() {
            return None;
        }
        let mut digits = ('0'..='9').map(|digit| digit.to_string().repeat(length));
        digits.find(|v| {
            let plain = v.trim_start_matches('0');
            !list.values.contains_key(v) && !list.values.contains_key(plain)
        })
    }

    /// Illegal bytes and lost characters in full-width text.
    fn characters(&mut self, index: usize, at: usize, field: &Field) {
        if field.kind != FieldType::N || self.layout.form != Form::Delimited {
            return;
        }
        if self.settings.encoding == Encoding::Utf8 {
            if let Some(bytes) = self.with_value(at, index, "例\u{FFFD}") {
                self.push("ENC-005", format!("{}-replacement", field.roman), bytes);
            }
            let Some(mut bytes) = self.with_value(at, index, "例例例") else {
                return;
            };
            let mark = encode("例例例", self.target()).unwrap_or_default();
            if let Some(found) = bytes.windows(mark.len()).position(|w| w == mark) {
                // The middle character loses its last byte.
                bytes.remove(found + 5);
                self.push("ENC-001", format!("{}-cut", field.roman), bytes);
            }
        }
    }

    fn padding(&mut self, at: usize, field: &Field) {
        let range = field.start..field.start + field.width;
        let changed = self.with_line(at, |line| {
            if let Some(cell) = line.get_mut(range) {
                let zeros = cell
                    .iter()
                    .take_while(|b| **b == b'0')
                    .count()
                    .min(cell.len().saturating_sub(1));
                cell.iter_mut().take(zeros).for_each(|b| *b = b' ');
            }
        });
        if let Some(bytes) = changed {
            self.push("LAY-013", format!("{}-spaces", field.roman), bytes);
        }
    }
}

/// The value with its last (or first) digit changed.
fn other_digit(value: &str, first: bool) -> String {
    let mut bytes = value.as_bytes().to_vec();
    let slot = if first {
        bytes.first_mut()
    } else {
        bytes.last_mut()
    };
    if let Some(digit) = slot.filter(|b| b.is_ascii_digit()) {
        *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// A value of the same form beside the fixed one.
fn neighbour(fixed: &str) -> Option<String> {
    let other = other_digit(fixed, false);
    (other != fixed).then_some(other)
}
