//! Where the values of a record need not belong to the fields that they stand in: the record is shifted, cut or of no known
//! kind, or a value nearby does not have the form of its field. Such values are shown under the strictest mask of the layout.

use std::ops::Range;

use super::evidence::View;
use super::number::zoned;
use super::plan::{FieldPlan, Plan};
use crate::encoding::{What, units};
use crate::mask::Sensitivity;
use crate::spec::layout::{CodeList, FieldType};

/// Bytes around a value without the form of its field that may belong to it: an address by mail, a telephone number in
/// digits of two bytes.
const REACH: usize = 40;

impl View<'_> {
    /// The mask under which the bytes at a place are shown.
    pub(super) fn seen_as(
        &self,
        plan: &Plan<'_>,
        at: &Range<usize>,
        declared: Sensitivity,
    ) -> Sensitivity {
        if declared == Sensitivity::IndividualNumber || !self.is_doubtful(plan, at) {
            return declared;
        }
        let text = read(plan, self.slice(at));
        let fields = plan.kinds.iter().flat_map(|kind| &kind.fields);
        declared.doubted(&text, fields.map(|field| field.sensitivity))
    }

    fn is_doubtful(&self, plan: &Plan<'_>, at: &Range<usize>) -> bool {
        // Without a kind nothing is named, and what stands there is masked; only the mark of the kind is shown.
        // Without cells nothing is known of fields either.
        let kind = self.kind.filter(|_| !self.cells.is_empty());
        let Some(kind) = kind.and_then(|kind| plan.kinds.get(kind)) else {
            return false;
        };
        let fields = kind.fields.iter();
        if plan.record_length == 0 {
            let own = |cell: &Range<usize>| cell.start <= at.start && at.end <= cell.end;
            return self.cells.len() != fields.len()
                || fields.zip(self.cells).any(|(field, cell)| {
                    own(&cell.raw) && !has_form(plan, field, self.slice(&cell.raw))
                });
        }
        let whole = plan.measured || self.end - self.start.min(self.end) == plan.record_length;
        let near = |cell: &Range<usize>| {
            cell.start < at.end.saturating_add(REACH) && at.start < cell.end.saturating_add(REACH)
        };
        !whole
            || fields.zip(self.cells).any(|(field, cell)| {
                !cell.absent && near(&cell.raw) && !has_form(plan, field, self.slice(&cell.raw))
            })
    }
}

fn read(plan: &Plan<'_>, bytes: &[u8]) -> String {
    let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
    units(bytes, encoding, dialect)
        .map(|unit| match unit.what {
            What::Char(c) => c,
            _ => '\u{FFFD}',
        })
        .collect()
}

/// True when the characters of a value may be one of the field's, whatever it says.
fn has_form(plan: &Plan<'_>, field: &FieldPlan<'_>, bytes: &[u8]) -> bool {
    is_of_form(field.kind, field.codes, &read(plan, bytes))
}

/// True when the characters of a value may be one of a type and of a list, whatever it says. Quotes and padding are left out.
pub(crate) fn is_of_form(kind: FieldType, codes: Option<&CodeList>, text: &str) -> bool {
    let text = text.trim_matches(['"', ' ', '\u{3000}']);
    if text.is_empty() {
        return true;
    }
    match kind {
        FieldType::Zoned => zoned(text.as_bytes()).is_some(),
        kind if kind.is_number() => is_amount(text),
        FieldType::Time => is_of(text, ":."),
        kind if kind.is_date() => is_day(text),
        FieldType::Dummy => true,
        _ => fits_codes(codes, text),
    }
}

fn is_of(text: &str, marks: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || marks.contains(c))
}

fn is_amount(text: &str) -> bool {
    let signs: &[char] = &['+', '-'];
    let inner = text.strip_prefix(signs).or(text.strip_suffix(signs));
    is_of(inner.unwrap_or(text), ".,")
}

/// Digits, those of a 和暦 behind a letter, or groups as in 2026-04-01.
fn is_day(text: &str) -> bool {
    let plain = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let groups: Vec<&str> = plain.split(['-', '/', '.']).collect();
    let digits = groups.iter().all(|group| is_of(group, ""));
    let (letters, long) = (text.len() - plain.len(), plain.chars().count());
    digits && letters <= 1 && long <= 10 && matches!(groups.len(), 1 | 3)
}

/// Values of a list are not longer than its longest, and digits where all of them are.
fn fits_codes(codes: Option<&CodeList>, text: &str) -> bool {
    let Some(list) = codes.filter(|list| !list.open && !list.values.is_empty()) else {
        return true;
    };
    let longest = list.values.keys().map(|value| value.chars().count()).max();
    let numeric = list.values.keys().all(|value| is_of(value, ""));
    text.chars().count() <= longest.unwrap_or(0) && (!numeric || is_of(text, ""))
}
