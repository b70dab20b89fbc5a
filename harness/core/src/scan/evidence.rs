//! What a person sees of a hit: observed value, hex, byte ruler. The only place where the scanner makes text of bytes, and
//! every text goes through the mask.

use std::ops::Range;

use super::ending::{Ending, ending};
use super::plan::Plan;
use crate::encoding::{What, units};
use crate::mask::{EXPOSED_BYTES, Sensitivity, class, class_letter, visible};
use crate::model::{Ruler, RulerCell};

/// A field as it stands in a record: all offsets are into the chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// Everything between the delimiters, quotes included.
    pub(super) raw: Range<usize>,
    /// The value: without quotes, without padding.
    pub(super) value: Range<usize>,
    /// Written in quotes.
    pub(super) quoted: bool,
    /// Holds a newline.
    pub(super) newline: bool,
    /// Holds nothing but spaces, and counts as no value.
    pub(super) blank: bool,
    /// Not in this record: the condition under which it is there does not hold.
    pub(super) absent: bool,
}

/// A record with its fields.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset in the file of the chunk's first byte.
    pub(super) base: u64,
    /// Where the record starts in the chunk.
    pub(super) start: usize,
    /// Where it ends, its newline excluded.
    pub(super) end: usize,
    pub(super) cells: &'a [Cell],
    /// Kind, if it is known; fields are named by it.
    pub(super) kind: Option<usize>,
}

/// Bytes before and after the place that the ruler shows.
const RULER_REACH: usize = 16;
/// At most this many bytes are written as hex.
const MAX_HEX: usize = 16;
/// At most this many characters of a value are shown.
pub(super) const MAX_SHOWN: usize = 40;

/// Bytes as upper-case hex separated by spaces.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for byte in bytes.iter().take(MAX_HEX) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&format!("{byte:02X}"));
    }
    out
}

/// The first bytes of what is exposed; more of them would spell a name.
fn exposed_hex(bytes: &[u8]) -> String {
    let (first, rest) = bytes.split_at(bytes.len().min(EXPOSED_BYTES));
    let rest = rest.len().min(MAX_HEX - EXPOSED_BYTES);
    match rest {
        0 => hex(first),
        rest => format!("{} {}", hex(first), dots(rest)),
    }
}

fn dots(length: usize) -> String {
    vec!["··"; length].join(" ")
}

impl View<'_> {
    pub(super) fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or(&[])
    }

    fn field_of(&self, plan: &Plan<'_>, cell: usize) -> (String, Sensitivity) {
        let field = self.kind.and_then(|kind| {
            let f = plan.kinds.get(kind)?.fields.get(cell)?;
            Some((plan.layout.field_name(kind, cell), f.sensitivity))
        });
        field.unwrap_or((String::new(), Sensitivity::Personal))
    }

    /// The hex of bytes that a finding is about. `exposed`: they are the fault itself (illegal bytes, a character that may
    /// not be there) and say nothing about a person.
    pub(super) fn hex(
        &self,
        plan: &Plan<'_>,
        at: &Range<usize>,
        sensitivity: Sensitivity,
        exposed: bool,
    ) -> String {
        let bytes = self.slice(at);
        let sensitivity = self.seen_as(plan, at, sensitivity);
        let shown = exposed && sensitivity != Sensitivity::IndividualNumber;
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        let free = || {
            plan.mask
                .shows_encoded(bytes, encoding, dialect, sensitivity)
        };
        if free() {
            hex(bytes)
        } else if shown {
            exposed_hex(bytes)
        } else {
            dots(bytes.len().min(MAX_HEX))
        }
    }

    /// The surroundings of `at`, character by character.
    pub(super) fn ruler(&self, plan: &Plan<'_>, at: &Range<usize>, exposed: bool) -> Ruler {
        let newline = match plan.wide {
            true => 0,
            false => ending(self.bytes, self.end, true).map_or(0, Ending::len),
        };
        let record_end = self.bytes.len().min(self.end + newline);
        let from = at.start.saturating_sub(RULER_REACH).max(self.start);
        let to = (at.end.min(at.start + MAX_HEX) + RULER_REACH).min(record_end);
        let mut ruler = Ruler {
            byte_offset: 0,
            record_offset: 0,
            cells: Vec::new(),
        };
        let mut first = None;
        let mut next = self.start;
        for (index, cell) in self.cells.iter().enumerate() {
            if cell.absent {
                continue;
            }
            if cell.raw.end <= from || cell.raw.start >= to {
                next = next.max(cell.raw.end.min(to));
                continue;
            }
            let (name, declared) = self.field_of(plan, index);
            let sensitivity = self.seen_as(plan, &cell.raw, declared);
            self.units(
                plan,
                next..cell.raw.start,
                &(from..to),
                at,
                ("", Sensitivity::No, exposed),
                &mut ruler,
                &mut first,
            );
            self.units(
                plan,
                cell.raw.clone(),
                &(from..to),
                at,
                (&name, sensitivity, exposed),
                &mut ruler,
                &mut first,
            );
            next = cell.raw.end;
        }
        let rest = if self.cells.is_empty() {
            Sensitivity::Personal
        } else {
            Sensitivity::No
        };
        self.units(
            plan,
            next..to,
            &(from..to),
            at,
            ("", rest, exposed),
            &mut ruler,
            &mut first,
        );
        let first = first.unwrap_or(from);
        ruler.byte_offset = self.base + first as u64;
        ruler.record_offset = (first - self.start.min(first)) as u64;
        ruler
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one caller, and a struct would only rename them"
    )]
    fn units(
        &self,
        plan: &Plan<'_>,
        bytes: Range<usize>,
        window: &Range<usize>,
        at: &Range<usize>,
        (field, sensitivity, exposed): (&str, Sensitivity, bool),
        ruler: &mut Ruler,
        first: &mut Option<usize>,
    ) {
        let slice = self.slice(&bytes);
        let (encoding, dialect) = (plan.settings.encoding, plan.settings.dialect);
        let shown = plan
            .mask
            .shows_encoded(slice, encoding, dialect, sensitivity);
        for unit in units(slice, plan.settings.encoding, plan.settings.dialect) {
            let place = bytes.start + unit.bytes.start..bytes.start + unit.bytes.end;
            if place.end <= window.start || place.start >= window.end || place.is_empty() {
                continue;
            }
            first.get_or_insert(place.start);
            let marked = place.start < at.end && at.start < place.end;
            // Of several characters that may not be there the first says why; all of them would be the value.
            let faulty = matches!(unit.what, What::Fault(_));
            let first_of_all =
                place.start <= at.start || (faulty && place.end <= at.start + EXPOSED_BYTES);
            let bare = exposed && first_of_all && sensitivity != Sensitivity::IndividualNumber;
            let clear = shown || (marked && bare);
            let show = |c: char| if clear { visible(c) } else { class_letter(c) };
            let text = match unit.what {
                What::Char(c) => show(c),
                What::Pair(a, b) => show(a) + &show(b),
                What::Fault(_) => "?".to_owned(),
            };
            // Marks and spaces identify nobody, so their bytes do not either.
            let plain = matches!(unit.what, What::Char(c) if class(c).is_none());
            let bytes = self.slice(&place);
            let hex = if clear || plain {
                hex(bytes)
            } else {
                dots(bytes.len())
            };
            ruler.cells.push(RulerCell {
                hex,
                text,
                field: field.to_owned(),
                marked,
            });
        }
    }
}
